// patchbay: one binary, roles by verb (architecture.md §1).
#include <exception>
#include <iostream>

#include "app/options.h"
#include "app/serve.h"

int main(int argc, char** argv) {
  try {
    const patchbay::app::Parsed parsed = patchbay::app::parse(argc, argv);
    if (parsed.exitCode) {
      return *parsed.exitCode;
    }
    if (parsed.diff) {
      return patchbay::app::connectorDiff(*parsed.diff, std::cout, std::cerr);
    }
    if (parsed.catalogue) {
      return patchbay::app::catalogueBuild(*parsed.catalogue, std::cout, std::cerr);
    }
    if (parsed.backup) {
      return patchbay::app::backup(*parsed.backup, std::cout, std::cerr);
    }
    return patchbay::app::serve(parsed.options);
  } catch (const std::exception& failure) {
    std::cerr << "patchbay: " << failure.what() << "\n";
    return 70;
  }
}
