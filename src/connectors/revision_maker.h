// Makes a revision's folder and everything known about it: files, manifests, npm packages,
// probation load.
//
// Threads: from any thread but the engine loop's; blocks. Several at once are fine on different
// folders. Errors: kBundleRefused, kEngineMismatch, kDeadline, kDiskFull, …; the caller removes the
// folder.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "connectors/bundle_composition.h"
#include "connectors/inspector.h"
#include "connectors/package_installer.h"
#include "connectors/revision.h"
#include "connectors/revision_scan.h"

namespace patchbay::connectors {

// A revision that stands in its staging folder, complete but invisible.
struct StagedRevision {
  std::shared_ptr<Revision> revision;  // `root` is the folder it will have
  std::filesystem::path folder;        // the folder it has now
  std::vector<std::string> warnings;
};

class RevisionMaker {
 public:
  RevisionMaker(PackageInstaller& packages, Inspector& inspector, std::filesystem::path bundles)
      : packages_(packages), inspector_(inspector), bundles_(std::move(bundles)) {}

  // `folder` and its siblings "<folder>-npm-…" must not exist. `step` hears "dependencies" and
  // "inspect".
  using Step = std::function<void(std::string_view name)>;
  base::Result<StagedRevision> make(const Candidate& candidate, const std::filesystem::path& folder,
                                    const Step& step);
  // As make, for a candidate that only lost files of its `previous`: npm packages and load results
  // are taken over.
  base::Result<StagedRevision> makeLess(const Candidate& candidate,
                                        const std::filesystem::path& folder);

 private:
  base::Result<StagedRevision> begin(const Candidate& candidate,
                                     const std::filesystem::path& folder,
                                     RevisionContents& contents);
  base::Status installPackages(const Candidate& candidate, const RevisionContents& contents,
                               StagedRevision& staged, bool onlyReuse);
  base::Status inspect(const RevisionContents& contents, StagedRevision& staged);

  PackageInstaller& packages_;
  Inspector& inspector_;
  std::filesystem::path bundles_;
};

}  // namespace patchbay::connectors
