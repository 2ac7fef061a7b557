{include file="parts/article.tpl"}
