<p>Imprint</p>
@include('parts.address')
