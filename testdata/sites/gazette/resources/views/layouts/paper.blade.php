<html>
<body>
@include('parts.masthead')
@yield('columns')
@include('parts.imprint')
</body>
</html>
