"""Every change of steering: one public function per act."""
