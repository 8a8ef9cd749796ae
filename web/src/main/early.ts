/**
 * What runs before anything is painted, as text in the page's head. It puts the chosen theme and language on <html>. For who is signed in
 * it asks at once for the files of the page inside (scripts/finish.mjs puts their names in) and for what they will show: by themselves
 * the files would be found only when those before them have run, and the answers only after that. lib/api/asked.ts hands the answers on.
 */
export const early = `(function(d){
try{var t=localStorage.getItem("olamchat.theme");if(t==="light"||t==="dark")d.dataset.theme=t;
var l=localStorage.getItem("olamchat.language");if(l){d.lang=l;d.dir=l==="ar"?"rtl":"ltr"}}catch(e){}
if(!/(^|; )(__Host-)?olamchat_(refresh_)?csrf=/.test(document.cookie))return;
var c=/^\\/c\\/([0-9a-f-]{36})$/.exec(location.pathname),asked=window.olamchatAsked={};
("__INSIDE__"+(c?" __MARKDOWN__":"")).replace(/\\S+\\.js/g,function(f){
var s=document.createElement("script");s.async=true;s.src="/_next/"+f;document.head.appendChild(s)});
function ask(p){(asked[p]=fetch(p,{headers:{Accept:"application/json"},credentials:"same-origin"})).catch(function(){})}
ask("/api/auth/me");
if(c){var p="/api/conversations/"+c[1];ask(p);ask(p+"/messages?limit=200")}
})(document.documentElement)`;
