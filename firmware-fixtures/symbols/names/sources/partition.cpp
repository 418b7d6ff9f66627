export module Foo.Bar:Part;
export void p(int) {}
void q() {}
