require_relative "../press/presses"
task(:proofs) { puts Press::NOTICE }
