/// How the page looks, in light and dark.
enum HTMLStyle {
    static let text = """
        :root{--bg:#f6f8fa;--box:#fff;--line:#d8dee4;--ink:#1f2328;--dim:#656d76;--head:#24292f;--good:#1a7f37;\
        --bad:#cf222e;--wait:#9a6700;--link:#0969da;--code:#eff1f3}
        @media(prefers-color-scheme:dark){:root{--bg:#0d1117;--box:#151b23;--line:#30363d;--ink:#e6edf3;--dim:#8d96a0;\
        --head:#010409;--good:#3fb950;--bad:#f85149;--wait:#d29922;--link:#4493f8;--code:#262c36}}
        *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);\
        font:14px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
        header{background:var(--head);color:#f0f3f6}.bar,main{max-width:1040px;margin:0 auto;padding:16px 24px}
        .bar{display:flex;gap:14px;align-items:center}h1{font-size:19px;margin:0}h1 small{font-weight:400;\
        opacity:.8;margin-left:10px;font-size:15px}.bar p{margin:2px 0 0;opacity:.85;font-size:13px}
        .bar p span{margin-right:14px}.service{margin-left:auto;text-align:right;font-weight:600}
        .service small{display:block;font-weight:400;opacity:.7}
        section>h2{font-size:14px;margin:26px 0 8px;color:var(--dim);font-weight:600}
        .md h1,.md h2,.md h3{margin:12px 0 6px;line-height:1.3}.md h1{font-size:21px}.md h2{font-size:18px}.md h3{font-size:16px}
        .box{background:var(--box);border:1px solid var(--line);border-radius:8px;overflow:hidden}
        .title{background:var(--bg);border-bottom:1px solid var(--line);padding:8px 14px;display:flex;gap:8px;\
        align-items:center}.md{padding:2px 16px 8px}
        .comment{display:flex;gap:12px;margin-bottom:14px}.comment .box{flex:1;min-width:0}
        .avatar{width:36px;height:36px;border-radius:50%;background:#57606a;color:#fff;display:grid;\
        place-items:center;font-weight:600;flex:none}
        .mark{font-style:normal;font-size:12px;border:1px solid var(--line);border-radius:10px;padding:0 8px;\
        color:var(--dim);margin-left:6px}
        .dot{display:inline-grid;place-items:center;width:18px;height:18px;border-radius:50%;color:#fff;\
        font-size:11px;font-weight:700;flex:none;background:var(--dim)}
        .dot.good{background:var(--good)}.dot.bad{background:var(--bad)}.dot.waiting,.dot.warning{background:var(--wait)}
        .rows>div{display:flex;gap:10px;align-items:center;padding:9px 14px;border-top:1px solid var(--line);\
        flex-wrap:wrap}.rows>div:first-child{border-top:0}.end{margin-left:auto}.dim{color:var(--dim)}
        .figures{display:flex;gap:26px;padding:10px 16px;border-bottom:1px solid var(--line);flex-wrap:wrap}
        .figures span{color:var(--dim)}.figures b{display:block;color:var(--ink);font-size:17px}
        .annotation{border-left:3px solid var(--dim);margin:8px 16px;padding:4px 10px;background:var(--bg)}
        .annotation.bad{border-color:var(--bad)}.annotation.warning{border-color:var(--wait)}
        pre{margin:6px 0;padding:8px 10px;background:var(--code);border-radius:6px;overflow:auto;white-space:pre-wrap;\
        overflow-wrap:anywhere}code,pre,.log{font:12px/1.5 ui-monospace,"SF Mono",Menlo,monospace}
        code{background:var(--code);padding:1px 5px;border-radius:4px;overflow-wrap:anywhere}pre code{padding:0}
        table{border-collapse:collapse;width:100%;margin:6px 0}.md table{width:auto}
        th,td{text-align:left;padding:5px 12px;border-bottom:1px solid var(--line);vertical-align:top}
        .md th,.md td{border:1px solid var(--line)}th{font-weight:600}.number{text-align:right;\
        font-variant-numeric:tabular-nums}td .dot{margin-right:8px}
        a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
        summary{cursor:pointer}details.box>summary{padding:9px 14px}.md details{margin:8px 0}
        blockquote{margin:8px 0;padding:0 12px;border-left:3px solid var(--line);color:var(--dim)}
        .image{border:1px solid var(--line);border-radius:4px;padding:0 6px;color:var(--dim)}
        .log{background:#0d1117;color:#d7dde4;border-radius:8px;padding:12px 0;overflow:auto}
        .line,.log summary{padding:0 16px;white-space:pre-wrap;overflow-wrap:anywhere;min-height:1.5em}
        .log summary{color:#9ecbff}.log .fold{border-left:1px solid #30363d;margin-left:18px}
        .line.bad{color:#ff7b72;background:#3d1418}.line.warning{color:#e3b341;background:#332a10}
        """
}
