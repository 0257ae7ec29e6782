#include "base/process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/asio_executor.h"
#include "base/process_tree.h"

namespace patchbay::base {
namespace {

constexpr Millis kPatience{10000};

// Reads until `enough` or the end of the pipe.
std::string readUntil(int from, std::string_view enough) {
  std::string text;
  char part[4096];
  while (enough.empty() || text.find(enough) == std::string::npos) {
    const ssize_t size = read(from, part, sizeof(part));
    if (size <= 0) {
      break;
    }
    text.append(part, static_cast<std::size_t>(size));
  }
  return text;
}

ProcessSpec shell(const std::string& script) {
  ProcessSpec spec;
  spec.command = {"/bin/sh", "-c", script};
  spec.environment = {"PATH=/usr/bin:/bin"};
  return spec;
}

class SpawnerTest : public testing::Test {
 protected:
  Process start(ProcessSpec spec) {
    std::optional<Result<Process>> result;
    spawner_.spawn(
        std::move(spec), [&result](Result<Process> started) { result = std::move(started); },
        [this](pid_t, int status) { status_ = status; });
    EXPECT_TRUE(executor_.runUntil([&] { return result.has_value(); }, kPatience));
    if (!result->has_value()) {
      refusal_ = result->error().message;
      return Process();
    }
    return std::move(*result).value();
  }
  bool waitForEnd() {
    return executor_.runUntil([this] { return status_.has_value(); }, kPatience);
  }

  AsioExecutor executor_;
  std::optional<int> status_;
  std::string refusal_;
  Spawner spawner_{executor_};
};

TEST_F(SpawnerTest, ChildSeesOnlyWhatItWasGiven) {
  setenv("PATCHBAY_SECRET_KEY", "hush", 1);
  ProcessSpec spec = shell("env; pwd; ulimit -c; ulimit -n; cat; ls /proc/self/fd; exit 7");
  spec.limits.openFiles = 123;
  spec.folder = "/usr";
  const Process child = start(std::move(spec));
  const std::string text = readUntil(child.output.get(), "");
  EXPECT_EQ(text.find("hush"), std::string::npos) << text;
  EXPECT_NE(text.find("/usr\n0\n123\n0\n1\n2\n3\n"), std::string::npos) << text;
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(WEXITSTATUS(*status_), 7);
}

TEST_F(SpawnerTest, ChannelIsDescriptorThree) {
  ProcessSpec spec = shell("read line <&3; echo \"got $line\" >&3; echo problem >&2");
  spec.channel = true;
  const Process child = start(std::move(spec));
  ASSERT_EQ(write(child.channel.get(), "hello\n", 6), 6);
  EXPECT_EQ(readUntil(child.channel.get(), "\n"), "got hello\n");
  EXPECT_EQ(readUntil(child.errors.get(), ""), "problem\n");
  ASSERT_TRUE(waitForEnd());
}

TEST_F(SpawnerTest, ProgramThatIsNotThereIsRefusedByName) {
  ProcessSpec spec;
  spec.command = {"/nowhere/node"};
  EXPECT_EQ(start(std::move(spec)).id, -1);
  EXPECT_NE(refusal_.find("executing the program (/nowhere/node): No such file"), std::string::npos)
      << refusal_;
  EXPECT_TRUE(endedChildren().empty());
}

TEST_F(SpawnerTest, WorkingFolderThatIsNotThereIsRefused) {
  ProcessSpec spec = shell("true");
  spec.folder = "/nowhere";
  EXPECT_EQ(start(std::move(spec)).id, -1);
  EXPECT_NE(refusal_.find("its working folder"), std::string::npos) << refusal_;
}

TEST_F(SpawnerTest, ChildHasASessionOfItsOwnAndADeathSignal) {
  const Process child = start(shell("echo ready; exec sleep 1000"));
  readUntil(child.output.get(), "ready");
  bool found = false;
  for (const ProcessEntry& entry : readProcesses()) {
    if (entry.id == child.id) {
      found = true;
      EXPECT_EQ(entry.session, child.id);
      EXPECT_EQ(entry.group, child.id);
      EXPECT_EQ(entry.parent, getpid());
    }
  }
  EXPECT_TRUE(found);
  spawner_.killTree(child.id);
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(WTERMSIG(*status_), SIGKILL);
}

// Started by a chain of forks that leaves the session: only its mark and its adoption by us tie it
// to the child.
std::string daemonThen(const std::string& rest) {
  return "setsid sh -c 'sleep 1000 & echo \"daemon $!\"; exit 0' ; sleep 1000 & echo \"child $!\"; "
         "echo 'done '; " +
         rest;
}

std::vector<pid_t> numbersIn(const std::string& text) {
  std::vector<pid_t> ids;
  for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) {
    ids.push_back(static_cast<pid_t>(std::atoi(text.c_str() + at)));
  }
  return ids;
}

bool isGone(pid_t id) {
  return kill(id, 0) != 0 && errno == ESRCH;
}

bool waitUntilGone(const std::vector<pid_t>& ids) {
  for (const pid_t id : ids) {
    const Descriptor ending = watchProcess(id);
    pollfd wait{ending.get(), POLLIN, 0};
    if (ending && poll(&wait, 1, static_cast<int>(kPatience.count())) != 1) {
      return false;
    }
  }
  return true;
}

TEST_F(SpawnerTest, KillingTheTreeFindsDaemonsToo) {
  const Process child = start(shell(daemonThen("wait")));
  const std::vector<pid_t> ids = numbersIn(readUntil(child.output.get(), "done"));
  ASSERT_GE(ids.size(), 2u);
  spawner_.killTree(child.id);
  ASSERT_TRUE(waitForEnd());
  EXPECT_TRUE(waitUntilGone(ids));
}

TEST_F(SpawnerTest, ChildThatEndsByItselfLeavesNobodyBehind) {
  const Process child = start(shell(daemonThen("exit 3")));
  const std::vector<pid_t> ids = numbersIn(readUntil(child.output.get(), "done"));
  ASSERT_GE(ids.size(), 2u);
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(WEXITSTATUS(*status_), 3);
  EXPECT_TRUE(waitUntilGone(ids));
}

TEST_F(SpawnerTest, PidNamespaceEndsTheTree) {
  if (getuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  ProcessSpec spec = shell("env -i setsid sh -c 'sleep 1000 & exit 0'; echo done; sleep 1000");
  spec.pidNamespace = true;
  const Process child = start(std::move(spec));
  if (child.id < 0) {
    GTEST_SKIP() << refusal_;
  }
  readUntil(child.output.get(), "done");
  const auto inside = descendantsOf(child.id, "", {}).certain;
  EXPECT_FALSE(inside.empty());
  spawner_.killTree(child.id);
  ASSERT_TRUE(waitForEnd());
  for (const pid_t id : inside) {
    EXPECT_TRUE(isGone(id));
  }
}

TEST(Spawner, DestructorKillsAndReaps) {
  AsioExecutor executor;
  pid_t id = -1;
  {
    Spawner spawner(executor);
    spawner.spawn(
        shell("sleep 1000 & wait"), [&](Result<Process> started) { id = started->id; },
        [](pid_t, int) { FAIL() << "no callback after destruction"; });
    ASSERT_TRUE(executor.runUntil([&] { return id > 0; }, kPatience));
  }
  EXPECT_TRUE(isGone(id));
  executor.runUntil([] { return false; }, Millis(1));
}

TEST(Probe, GivesExitCodesAndHasPatience) {
  EXPECT_EQ(runProbe(shell("exit 5"), kPatience), 5);
  EXPECT_EQ(runProbe(shell("exec sleep 1000"), Millis(20)), -1);
  ProcessSpec missing;
  missing.command = {"/nowhere/bwrap"};
  EXPECT_EQ(runProbe(missing, kPatience), -1);
}

TEST(Probe, GivesWhatWasWritten) {
  EXPECT_EQ(readProbe({"/bin/echo", "v24.1.0"}, kPatience, 100), "v24.1.0\n");
  EXPECT_EQ(readProbe({"/bin/echo", "long"}, kPatience, 2), "lo");
  EXPECT_EQ(readProbe({"/bin/sh", "-c", "echo no; exit 1"}, kPatience, 100), std::nullopt);
}

}  // namespace
}  // namespace patchbay::base
