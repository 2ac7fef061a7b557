#include "weights.h"
#include "platform/balance.h"
int main(void) { return 0; }
