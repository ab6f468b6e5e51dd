/** What this program uses of asciichart, which ships no types. */
declare module "asciichart" {
  interface PlotOptions {
    readonly height?: number;
    readonly min?: number;
    readonly max?: number;
    readonly offset?: number;
    readonly format?: (value: number, row: number) => string;
  }
  export function plot(series: readonly number[], options?: PlotOptions): string;
}
