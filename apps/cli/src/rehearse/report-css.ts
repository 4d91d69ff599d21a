/** The looks of a rehearsal's report, light and dark. Lines differ in dash as well as in colour, for print and for every eye. */
export const REPORT_CSS = `
:root{--ink:#1b2430;--soft:#5b6675;--faint:#e6eaef;--page:#f6f7f9;--card:#fff;--good:#0a7a70;--bad:#b3261e;--void:#9a6200;--posted:#8a94a3}
@media (prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#9aa6b5;--faint:#2b333e;--page:#12161b;--card:#1a2027;--good:#35c2b3;--bad:#ff8a80;--void:#f0b95c;--posted:#77828f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:32px 20px 64px;background:var(--page);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI","PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
header{border-left:6px solid var(--good);padding:2px 0 2px 18px;margin:0 0 24px}
header.failed{border-color:var(--bad)}header.void{border-color:var(--void)}
header p{margin:4px 0;max-width:90ch;overflow-wrap:anywhere}
h1{font-size:34px;line-height:1.15;margin:0;color:var(--good)}
.failed h1{color:var(--bad)}.void h1{color:var(--void)}
h1 span,h2 span{font-weight:400;color:var(--soft);margin-left:6px}
h2{font-size:18px;margin:0 0 8px}h2 span{font-size:15px}
.what,.note,.soft,.legend{color:var(--soft);font-size:13px}
section{background:var(--card);border:1px solid var(--faint);border-radius:12px;padding:18px 22px;margin:0 0 18px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:5px 10px;border-bottom:1px solid var(--faint);text-align:right;white-space:nowrap}
th{text-align:left;font-weight:500;padding-left:0}
thead th,thead td{color:var(--soft);font-size:13px;font-weight:400}
tbody tr:last-child>*{border-bottom:0}
.sentence{font-weight:400;white-space:normal;margin-left:6px}
.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}
ul{padding-left:18px}code,pre{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap;margin:0}
svg{display:block;width:100%;height:auto;font:12px system-ui,sans-serif}
text{fill:var(--soft)}.end{text-anchor:end}.middle{text-anchor:middle}.grid{stroke:var(--faint)}
path{fill:none;stroke-width:2.4;stroke-linejoin:round}
path.posted{stroke:var(--posted);stroke-dasharray:5 4;stroke-width:1.8}path.final{stroke:var(--good)}
line.fault{stroke:var(--bad);stroke-dasharray:2 3}text.fault{fill:var(--bad);paint-order:stroke;stroke:var(--card);stroke-width:4px}
.legend{margin:0 0 6px}.legend i{display:inline-block;width:18px;border-top:2.4px solid var(--good);vertical-align:4px;margin:0 4px 0 10px}
path.truth{stroke:var(--void);stroke-width:1.6;stroke-dasharray:9 3}h3{font-size:15px;font-weight:500;margin:12px 0 4px}
.legend i.truth{border-top:2px dashed var(--void);margin-left:0}
.legend i.posted{border-top:2px dashed var(--posted);margin-left:0}
`;
