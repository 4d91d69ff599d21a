/** The looks of the page: colours and lines of the simulator's reports, and the two switches. Languages switch without a script. */
import { CHART_CSS, PALETTE_CSS } from '#simulation';

export const PAGE_CSS = `${PALETTE_CSS}
:root{--good:var(--served);--level-busy:#e3b341;--level-congested:#d9622b;--level-closed:#8b1f1a;--level-normal:#0a7a7033;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--level-busy:#b98a1e;--level-congested:#d9622b;--level-closed:#ff8a80;--level-normal:#35c2b333}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1180px;padding:28px 20px 64px;background:var(--page);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI","PingFang SC","Noto Sans CJK SC","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif}
body:has(#lang-zh:checked) [lang=en],body:has(#lang-en:checked) [lang="zh-CN"]{display:none}
nav{display:flex;justify-content:flex-end;gap:2px;margin:0 0 4px;font-size:13px}
nav input{position:absolute;opacity:0}
nav label{padding:3px 12px;border-radius:999px;color:var(--soft);cursor:pointer}
nav input:checked+label{background:var(--card);color:var(--ink);box-shadow:inset 0 0 0 1px var(--faint)}
nav input:focus-visible+label{outline:2px solid var(--p50)}
header{border-left:6px solid var(--good);padding:2px 0 2px 18px;margin:0 0 22px}
header.failed{border-color:var(--bad)}header.void{border-color:var(--fair)}
header p{margin:4px 0;max-width:96ch;overflow-wrap:anywhere}
h1{font-size:32px;line-height:1.15;margin:0;color:var(--good)}
.failed h1{color:var(--bad)}.void h1{color:var(--fair)}
h2{font-size:18px;margin:0 0 4px}h3{font-size:15px;margin:18px 0 2px}
.reason{font-size:16px;font-weight:600}
.what,.note{color:var(--soft);font-size:13px}.note{margin:2px 0 10px;max-width:110ch}
section{background:var(--card);border:1px solid var(--faint);border-radius:12px;padding:18px 22px 16px;margin:0 0 16px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:4px 18px}
@media (max-width:820px){.pair{grid-template-columns:1fr}}
figure{margin:8px 0 0;min-width:0}
figcaption{font-weight:600;font-size:13.5px;display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline}
.legend{font-weight:400;font-size:12.5px;color:var(--soft);display:inline-flex;flex-wrap:wrap;gap:2px 14px}
.key{white-space:nowrap}.swatch{width:18px;height:8px;margin-right:5px;vertical-align:1px}
figure>svg,section>svg{display:block;width:100%;height:auto}
${CHART_CSS}
.line.succeeded{stroke:var(--served);stroke-width:2.2}.area.succeeded{fill:var(--fill)}
.line.posted,.line.limit{stroke:var(--p50)}.line.inside{stroke:var(--p99)}
.line.away{stroke:var(--busy);stroke-width:1.6}
.line-label{font-size:12px}
.succeeded-label{fill:var(--good)}.posted-label,.limit-label{fill:var(--p50)}.away-label{fill:var(--busy)}
.line.process-0{stroke:#3b82d6}.line.process-1{stroke:var(--served)}.line.process-2{stroke:#9a6fd0}.line.process-3{stroke:var(--down)}
.line.process-4{stroke:#8a94a3;stroke-dasharray:2 3}.line.process-5{stroke:#d98613;stroke-dasharray:7 3}.line.process-6{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:10 3 2 3}
.line.process-7{stroke:var(--soft);stroke-width:1.2;stroke-dasharray:2 4}
.process-0-label{fill:#3b82d6}.process-1-label{fill:var(--served)}.process-2-label{fill:#9a6fd0}.process-3-label{fill:var(--down)}.process-5-label{fill:#d98613}.process-6-label{fill:var(--ink)}
.fault-band{fill:var(--overload)}.fault-band-label{fill:var(--fair)}
.mark.fault{stroke:var(--down)}.fault-label{fill:var(--down)}
.level-busy{fill:var(--level-busy)}.level-congested{fill:var(--level-congested)}.level-closed{fill:var(--level-closed)}.level-normal{fill:var(--level-normal)}
.breaker-open,.breaker-isolated{fill:var(--down)}.breaker-half_open,.breaker-ramping{fill:var(--busy)}.breaker-closed{fill:none}
.lane-name{fill:var(--ink)}
.chip{display:inline-block;width:18px;height:10px;border-radius:2px;margin-right:5px}
.chip.level-busy{background:var(--level-busy)}.chip.level-congested{background:var(--level-congested)}.chip.level-closed{background:var(--level-closed)}.chip.level-normal{background:var(--level-normal)}
.chip.breaker-open{background:var(--down);height:5px}.chip.breaker-ramping{background:var(--busy);height:5px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin-top:6px}
th,td{padding:5px 9px;text-align:right;border-bottom:1px solid var(--faint);white-space:nowrap;vertical-align:top}
th{text-align:left;font-weight:600;padding-left:0}
thead th,thead td{color:var(--soft);font-weight:400;font-size:12.5px;white-space:normal;vertical-align:bottom}
tbody tr:last-child>*{border-bottom:0}
.dense{font-size:13px}.dense th,.dense td{padding-left:6px;padding-right:6px}.dense th{padding-left:0}
.words{text-align:left;white-space:normal;min-width:12em}.wide{min-width:30em}.tag{text-align:left}
.plain{font-weight:400;white-space:normal}.soft{color:var(--soft);font-weight:400}
.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}.fair{color:var(--fair);font-weight:600}
.bar{display:inline-block;height:8px;border-radius:4px;background:var(--p99);margin-right:6px;vertical-align:0}
.answer{font-size:16px;margin:0 0 8px}
ul{padding-left:18px;margin:6px 0}code,pre{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap;margin:0}
pre{background:var(--page);border-radius:8px;padding:10px 12px}
summary{cursor:pointer;color:var(--soft);font-size:13px;margin-top:8px}
@media print{body{background:none;max-width:none}section{break-inside:avoid}nav{display:none}details>*{display:block}}
`;
