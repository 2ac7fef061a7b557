{include file="parts/basket.tpl"}
{include file='parts/total.tpl'}
