// The looks of the capacity report, light and dark. Lines are told apart by dash as well as by colour where
// they mean different things (offered, ideal), for print and for eyes that mix up red and green.

/** The colours; `:root` is the page, or the picture where one stands by itself. */
export const PALETTE_CSS = `
:root{--ink:#1b2430;--soft:#5b6675;--faint:#e6eaef;--page:#f6f7f9;--card:#fff;--served:#0a7a70;--fill:#0a7a7024;--ideal:#8a94a3;
--busy:#c77700;--p99:#7aa7d9;--p50:#1f5fa8;--bad:#b3261e;--fair:#9a6200;--overload:#f3b43a26;--down:#c8372d}
@media (prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#9aa6b5;--faint:#2b333e;--page:#12161b;--card:#1a2027;--served:#35c2b3;--fill:#35c2b32b;
--ideal:#77828f;--busy:#eda33a;--p99:#4f7fb5;--p50:#7db7f5;--bad:#ff8a80;--fair:#f0b95c;--overload:#f3b43a1f;--down:#ff6b5f}}
`;

/** Axes, lines and what stands between them. */
export const CHART_CSS = `
svg{font:12px system-ui,sans-serif}
.grid{stroke:var(--faint)}
.axis{stroke:var(--ideal)}
text{fill:var(--soft)}
.end{text-anchor:end}.middle{text-anchor:middle}
.band-label{font-size:11.5px}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.area{stroke:none}
.line.ideal{stroke:var(--ideal);stroke-width:1.3;stroke-dasharray:5 4}
.line.offered{stroke:var(--ideal);stroke-width:1.5;stroke-dasharray:2 3}
.line.served{stroke:var(--served);stroke-width:2.4}
.line.on-time{stroke:none}.area.on-time{fill:var(--fill)}
.swatch .line.on-time{stroke:var(--fill);stroke-width:8;stroke-linecap:butt}
.line.busy{stroke:var(--busy);stroke-width:1.5}
.line.p50{stroke:var(--p50);stroke-width:2.4}.line.p99{stroke:var(--p99)}
.mark{stroke:var(--ideal);stroke-dasharray:2 3}
.mark.back,.line.down{stroke:var(--served)}
.back-label{fill:var(--served)}
.line.down{stroke:var(--down);stroke-width:6;stroke-linecap:butt}
.overload{fill:var(--overload)}.down{fill:var(--down)}
.bank-0{stroke:var(--served)}.bank-1{stroke:var(--down)}.bank-2{stroke:#3b82d6}.bank-3{stroke:#d98613}
.bank-4{stroke:#9a6fd0}.bank-5{stroke:#5ea528}.bank-6{stroke:#d65a9f}.bank-7{stroke:#8a94a3}
`;

/** The style sheet of `renderCapacityReport`. */
export const CAPACITY_REPORT_CSS = `${PALETTE_CSS}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1160px;padding:32px 20px 64px;background:var(--page);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI","PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
h1{font-size:30px;line-height:1.2;margin:0 0 8px;letter-spacing:-.01em}
h2{font-size:19px;margin:0 0 4px;letter-spacing:-.005em}
header p{max-width:76ch;color:var(--soft);margin:0 0 20px}
header em{font-style:normal;color:var(--ink);font-weight:600}
section{background:var(--card);border:1px solid var(--faint);border-radius:12px;padding:20px 22px 14px;margin:0 0 20px}
.name{font-weight:400;font-size:15px;color:var(--soft);margin-left:6px}
.character{margin:0;font-size:16px}
.note{color:var(--soft);font-size:13px;margin:4px 0 12px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:16px}
@media (max-width:820px){.pair{grid-template-columns:1fr}}
figure{margin:8px 0 0}
figcaption{font-weight:600;font-size:14px;display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline}
.legend{font-weight:400;font-size:12.5px;color:var(--soft);display:inline-flex;flex-wrap:wrap;gap:2px 14px;margin:0}
.key{white-space:nowrap}
.swatch{width:18px;height:8px;margin-right:5px;vertical-align:1px}
figure>svg,section>svg{display:block;width:100%;height:auto}
${CHART_CSS}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin-top:8px}
th,td{padding:6px 10px;text-align:right;border-bottom:1px solid var(--faint);white-space:nowrap}
th{text-align:left;font-weight:600}
thead th,thead td{color:var(--soft);font-weight:400;font-size:12.5px;white-space:normal;vertical-align:bottom}
a{color:inherit;text-decoration-color:var(--ideal);text-underline-offset:3px}
.bad{color:var(--bad);font-weight:600}.fair{color:var(--fair)}
@media print{body{background:none;max-width:none}section{break-inside:avoid}}
`;
