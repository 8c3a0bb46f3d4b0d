/// What searches, filters and turns the pages of the list of all tests; text goes into the page as text alone.
enum HTMLScript {
    static let text = """
        (function(){"use strict";
        var d=JSON.parse(document.getElementById("data").textContent),t=d.tests,g=d.suites,size=100,page=0,shown=[];
        var words={f:"failed",k:"flaky",s:"skipped",p:"passed"};
        var $=function(i){return document.getElementById(i)},q=$("q"),o=$("o"),s=$("s"),rows=$("rows");
        var keys=t.map(function(r){return (g[r[0]]+" "+r[1]+" "+(r[4]||"")).toLowerCase()});
        function time(m){return m<1000?m+" ms":m<60000?(m/1000).toFixed(2)+" s":Math.floor(m/60000)+" m "+Math.round(m%60000/1000)+" s"}
        function cell(row,text,name){var c=row.insertCell();c.textContent=text;if(name)c.className=name;return c}
        function find(){
        var want=q.value.toLowerCase().split(/\\s+/).filter(Boolean),kind=o.value,out=[];
        for(var i=0;i<t.length;i++){if(kind&&t[i][2]!==kind)continue;var ok=true;
        for(var w=0;w<want.length;w++)if(keys[i].indexOf(want[w])<0){ok=false;break}
        if(ok)out.push(i)}
        if(s.value==="d")out.sort(function(a,b){return t[b][3]-t[a][3]||a-b});
        if(s.value==="n")out.sort(function(a,b){return keys[a]<keys[b]?-1:keys[a]>keys[b]?1:a-b});
        shown=out;page=0;draw()}
        function draw(){
        var last=Math.max(0,Math.ceil(shown.length/size)-1);page=Math.min(Math.max(page,0),last);
        var body=document.createElement("tbody");body.id="rows";
        shown.slice(page*size,(page+1)*size).forEach(function(i){var r=t[i],row=body.insertRow();
        var c=cell(row,""),b=document.createElement("span");b.className="o "+r[2];b.textContent=words[r[2]];c.appendChild(b);
        cell(row,time(r[3]),"n");
        var n=cell(row,(g[r[0]]?g[r[0]]+" \u{203A} ":"")+r[1]);
        [r[4],r[5]].forEach(function(x){if(!x)return;var e=document.createElement("div");e.className="note";e.textContent=x;n.appendChild(e)})});
        rows.replaceWith(body);rows=body;
        $("found").textContent=shown.length===t.length?t.length+" tests":shown.length+" of "+t.length+" tests";
        $("at").textContent="page "+(page+1)+" of "+(last+1);
        $("prev").disabled=page===0;$("next").disabled=page===last}
        var wait;q.addEventListener("input",function(){clearTimeout(wait);wait=setTimeout(find,120)});
        o.addEventListener("change",find);s.addEventListener("change",find);
        document.querySelector(".find").addEventListener("submit",function(e){e.preventDefault();find()});
        $("prev").addEventListener("click",function(){page--;draw()});$("next").addEventListener("click",function(){page++;draw()});
        find()})();
        """
}
