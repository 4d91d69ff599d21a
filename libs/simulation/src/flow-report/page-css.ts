// The looks of the flow report: those of the capacity report, and a colour and a dash for each control that stands beside Sluice.
import { CAPACITY_REPORT_CSS } from '../capacity-report-css';

/** The controls that stand beside Sluice. */
export const OTHERS_CSS = `
:root{--other-0:#c8372d;--other-1:#7a4fb5;--other-2:#b57a00}
@media (prefers-color-scheme:dark){:root{--other-0:#ff7d72;--other-1:#b795ee;--other-2:#e0b04a}}
.line.other-0{stroke:var(--other-0);stroke-width:1.5;stroke-dasharray:7 3}
.line.other-1{stroke:var(--other-1);stroke-width:1.5;stroke-dasharray:3 3}
.line.other-2{stroke:var(--other-2);stroke-width:1.5;stroke-dasharray:10 3 2 3}
.area.busy{fill:var(--overload)}
`;

/** The style sheet of `renderFlowReport`. */
export const FLOW_REPORT_CSS = `${CAPACITY_REPORT_CSS}${OTHERS_CSS}
h3{font-size:15px;margin:18px 0 0}
.character{max-width:none}
`;
