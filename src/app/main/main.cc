// patchbay: one binary, roles by verb (architecture.md §1).
#include <exception>
#include <iostream>

#include "app/options.h"
#include "app/serve.h"

int main(int argc, char** argv) {
  try {
    const patchbay::app::Parsed parsed = patchbay::app::parse(argc, argv);
    return parsed.exitCode ? *parsed.exitCode : patchbay::app::serve(parsed.options);
  } catch (const std::exception& failure) {
    std::cerr << "patchbay: " << failure.what() << "\n";
    return 70;
  }
}
