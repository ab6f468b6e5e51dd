/** What schemas are made of: bounded numbers, texts and lists, and a setting with its meaning. */
import * as v from "valibot";

export const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
export const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
export const list = <T extends v.GenericSchema>(item: T, max: number) => v.pipe(v.array(item), v.maxLength(max));
/** What a setting means, for the file that explains them; without a default also what it could be. */
export const said = <T extends v.GenericSchema>(schema: T, sentence: string, ...example: readonly v.InferInput<T>[]) =>
  v.pipe(schema, v.description(sentence), v.examples(example as v.InferOutput<T>[]));
