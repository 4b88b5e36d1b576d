/** The only import of the chart library, and only its core: this module is a chunk of its own, loaded with the first chart. */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, GridComponent, MarkLineComponent, CanvasRenderer]);

export type Engine = echarts.ECharts;

/** A chart in `node`. The canvas is drawn by script alone, so the page's CSP needs no inline style. */
export function openEngine(node: HTMLElement): Engine {
  return echarts.init(node, null, { renderer: "canvas" });
}
