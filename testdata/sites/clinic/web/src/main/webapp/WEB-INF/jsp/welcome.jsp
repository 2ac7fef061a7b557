<%@ include file="parts/heading.jsp" %>
<jsp:include page="/WEB-INF/jsp/parts/opening.jsp" />
