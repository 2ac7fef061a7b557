</html>
