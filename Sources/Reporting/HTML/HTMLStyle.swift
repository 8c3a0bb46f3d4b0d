/// The page's look, in light and dark.
enum HTMLStyle {
    static let text = """
        :root{--bg:#fff;--fg:#1f2328;--dim:#59636e;--line:#d1d9e0;--soft:#f6f8fa;--good:#1a7f37;--bad:#c0202b;--warn:#8a5a00;\
        --skip:#59636e;--bar:#4078c0;--link:#0550ae}
        @media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9da7b3;--line:#30363d;--soft:#161b22;\
        --good:#3fb950;--bad:#ff7b72;--warn:#d9a441;--skip:#9da7b3;--bar:#58a6ff;--link:#79b8ff}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
        main,header,footer{max-width:1100px;margin:0 auto;padding:0 20px}
        header{padding-top:20px;border-top:6px solid var(--bad)}header.good{border-color:var(--good)}
        h1{font-size:24px;margin:8px 0;overflow-wrap:anywhere}.bad h1 span{color:var(--bad)}.good h1 span{color:var(--good)}
        h2{font-size:18px;margin:28px 0 8px}h3{font-size:13px;margin:10px 0 4px;color:var(--dim)}
        p{margin:4px 0}a{color:var(--link)}
        .count{font-size:13px;font-weight:400;background:var(--soft);border:1px solid var(--line);border-radius:10px;padding:0 8px}
        .shares{display:block;width:100%;height:10px;margin:12px 0;border-radius:5px}
        rect.p{fill:var(--good)}rect.f{fill:var(--bad)}rect.k{fill:var(--warn)}rect.s{fill:var(--line)}
        details{border:1px solid var(--line);border-radius:6px;margin:6px 0;padding:0 12px;background:var(--soft)}
        summary{cursor:pointer;padding:8px 0;overflow-wrap:anywhere}
        details>:last-child:not(summary){margin-bottom:12px}
        pre{margin:4px 0;padding:10px;background:var(--bg);border:1px solid var(--line);border-radius:6px;overflow:auto;\
        max-height:480px;font:13px/1.45 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
        code{font-family:ui-monospace,Menlo,Consolas,monospace}
        .note{color:var(--dim);font-size:13px}
        .o{display:inline-block;min-width:62px;margin-right:4px;font-weight:600}.o.f{color:var(--bad)}.o.p{color:var(--good)}
        .o.k{color:var(--warn)}.o.s{color:var(--skip)}
        table{border-collapse:collapse;width:100%;margin:8px 0}th,td{text-align:left;padding:5px 10px;\
        border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
        th{font-size:13px;color:var(--dim);white-space:nowrap}.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        .chart{display:block;width:100%;max-width:1060px;height:auto;margin:8px 0}
        .bar{fill:var(--bar)}.bar.bad{fill:var(--bad)}.grid{stroke:var(--line);fill:none}
        .label,.tick{fill:var(--dim);font:12px system-ui,sans-serif}.tick{text-anchor:middle}
        .find{display:flex;flex-wrap:wrap;gap:12px;align-items:end}.find label{font-size:13px;color:var(--dim)}
        .find input,.find select{display:block;font:inherit;color:var(--fg);background:var(--bg);border:1px solid var(--line);\
        border-radius:6px;padding:6px 8px}.find input{width:min(420px,80vw)}
        button{font:inherit;color:var(--fg);background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:5px 12px}
        button:disabled{opacity:.5}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}
        .skip{position:absolute;left:-9999px}a.skip:focus{left:8px;top:8px;background:var(--bg);padding:8px}
        footer{padding-top:24px;padding-bottom:24px;color:var(--dim);font-size:13px}
        .ab{font-weight:700}.af{opacity:.7}.a0,.a8{color:var(--dim)}.a1,.a9{color:var(--bad)}.a2,.a10{color:var(--good)}
        .a3,.a11{color:var(--warn)}.a4,.a12{color:var(--link)}.a5,.a13{color:#a371f7}.a6,.a14{color:#1b9aaa}
        .n{width:1%}
        @media(max-width:640px){main,header,footer{padding-left:12px;padding-right:12px}section{overflow-x:auto}\
        .chart{min-width:860px}th,td{padding:5px 6px}td:not(.n){min-width:7em}}
        @media print{.find,.pages{display:none}}
        """
}
