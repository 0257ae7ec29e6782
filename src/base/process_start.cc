#include "base/process_start.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace patchbay::base {
namespace {

// Above every number the child uses itself.
constexpr int kFirstSafeNumber = 10;
constexpr std::size_t kStackBytes = 64 * 1024;
// The thread sanitizer keeps its books in the address space; a child that shares it and never returns leaves the parent's broken.
#ifdef __SANITIZE_THREAD__
constexpr int kSharedMemory = 0;
#else
constexpr int kSharedMemory = CLONE_VM;
#endif

enum class Step : int { kSession, kDescriptors, kLimits, kFolder, kUser, kParent, kProgram };

struct Failure {
  Step step;
  int error;
};

const char* stepText(Step step) {
  switch (step) {
    case Step::kSession:
      return "a session of its own";
    case Step::kDescriptors:
      return "its descriptors";
    case Step::kLimits:
      return "its limits";
    case Step::kFolder:
      return "its working folder";
    case Step::kUser:
      return "its user";
    case Step::kParent:
      return "the bond to its parent";
    case Step::kProgram:
      return "executing the program";
  }
  return "an unknown step";
}

struct Limit {
  int resource;
  std::uint64_t value;
};

// What the child needs, made ready before the clone: afterwards no allocation is allowed.
struct Plan {
  char** arguments = nullptr;
  char** environment = nullptr;
  const char* folder = "/";
  int input = -1, output = -1, errors = -1, channel = -1;
  int reportRead = -1, report = -1;
  Limit limits[5] = {};
  std::size_t limitCount = 0;
  bool changesUser = false;
  std::uint32_t user = 0;
  bool makesNamespaces = false;
};

// The child shares this address space: no library function that keeps state or signals other
// threads (setuid of the C library would).
#define PATCHBAY_CHILD_CODE __attribute__((no_sanitize("address", "thread", "undefined"), noinline))

PATCHBAY_CHILD_CODE void report(const Plan& plan, Step step) {
  const Failure failure{step, errno};
  syscall(SYS_write, plan.report, &failure, sizeof(failure));
  syscall(SYS_exit_group, 127);
}

PATCHBAY_CHILD_CODE bool attach(int from, int to) {
  return syscall(SYS_dup3, from, to, 0) == to;
}

PATCHBAY_CHILD_CODE bool attachAll(const Plan& plan) {
  const bool attached = attach(plan.input, 0) && attach(plan.output, 1) && attach(plan.errors, 2) &&
                        (plan.channel < 0 || attach(plan.channel, 3));
  const unsigned first = plan.channel < 0 ? 3 : 4;
  // Ours are close-on-exec anyway; this is for those of libraries.
  syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC);
  return attached;
}

PATCHBAY_CHILD_CODE void resetSignals() {
  struct {
    void* handler;
    unsigned long flags;
    void* restorer;
    unsigned long mask;
  } byDefault{};
  for (int number = 1; number < 65; ++number) {
    syscall(SYS_rt_sigaction, number, &byDefault, nullptr, 8);
  }
  const unsigned long none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, 8);
}

PATCHBAY_CHILD_CODE bool applyLimits(const Plan& plan) {
  for (std::size_t i = 0; i < plan.limitCount; ++i) {
    const rlimit64 value{plan.limits[i].value, plan.limits[i].value};
    if (syscall(SYS_prlimit64, 0, plan.limits[i].resource, &value, nullptr) != 0) {
      return false;
    }
  }
  return true;
}

PATCHBAY_CHILD_CODE bool takeUser(const Plan& plan) {
  return !plan.changesUser || (syscall(SYS_setgroups, 0, nullptr) == 0 &&
                               syscall(SYS_setresgid, plan.user, plan.user, plan.user) == 0 &&
                               syscall(SYS_setresuid, plan.user, plan.user, plan.user) == 0);
}

// After the user: a change of user clears the death signal. The server may have died before prctl;
// then nobody reads our report.
PATCHBAY_CHILD_CODE bool bindToParent(const Plan& plan) {
  if (syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 ||
      (!plan.makesNamespaces && syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)) {
    return false;
  }
  syscall(SYS_close, plan.reportRead);
  pollfd reader{plan.report, POLLERR, 0};
  const timespec atOnce{0, 0};
  return syscall(SYS_ppoll, &reader, 1, &atOnce, nullptr, 8) == 0;
}

PATCHBAY_CHILD_CODE int childMain(void* argument) {
  const Plan& plan = *static_cast<const Plan*>(argument);
  if (syscall(SYS_setsid) < 0) {
    report(plan, Step::kSession);
  }
  if (!attachAll(plan)) {
    report(plan, Step::kDescriptors);
  }
  if (!applyLimits(plan)) {
    report(plan, Step::kLimits);
  }
  if (!takeUser(plan)) {
    report(plan, Step::kUser);
  }
  if (syscall(SYS_chdir, plan.folder) != 0) {
    report(plan, Step::kFolder);
  }
  if (!bindToParent(plan)) {
    report(plan, Step::kParent);
  }
  resetSignals();
  syscall(SYS_execve, plan.arguments[0], plan.arguments, plan.environment);
  report(plan, Step::kProgram);
  return 127;
}

Error systemError(const std::string& what, int error) {
  return fail(Code::kUnavailable, "A process could not be started: " + what + ": " +
                                      std::strerror(error) + ". Nothing was started; try again.");
}

// Moves a descriptor out of the numbers the child assigns.
bool lift(Descriptor& descriptor) {
  if (descriptor.get() >= kFirstSafeNumber) {
    return true;
  }
  descriptor = Descriptor(fcntl(descriptor.get(), F_DUPFD_CLOEXEC, kFirstSafeNumber));
  return static_cast<bool>(descriptor);
}

struct Ends {
  Descriptor input, output, outputEnd, errors, errorsEnd, channel, channelEnd, report, reportEnd;
};

bool makePipe(Descriptor& read, Descriptor& write) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return false;
  }
  read = Descriptor(ends[0]);
  write = Descriptor(ends[1]);
  return lift(read) && lift(write);
}

bool makeChannel(Descriptor& ours, Descriptor& childs) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return false;
  }
  ours = Descriptor(ends[0]);
  childs = Descriptor(ends[1]);
  return lift(ours) && lift(childs);
}

bool makeEnds(const ProcessSpec& spec, Ends& ends) {
  ends.input = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
  return ends.input && lift(ends.input) && makePipe(ends.output, ends.outputEnd) &&
         makePipe(ends.errors, ends.errorsEnd) && makePipe(ends.report, ends.reportEnd) &&
         (!spec.channel || makeChannel(ends.channel, ends.channelEnd));
}

void addLimits(const ProcessLimits& limits, Plan& plan) {
  const auto add = [&plan](int resource, std::uint64_t value) {
    plan.limits[plan.limitCount++] = {resource, value};
  };
  add(RLIMIT_CORE, 0);
  if (limits.dataBytes != 0) {
    add(RLIMIT_DATA, limits.dataBytes);
  }
  if (limits.openFiles != 0) {
    add(RLIMIT_NOFILE, limits.openFiles);
  }
  if (limits.fileBytes != 0) {
    add(RLIMIT_FSIZE, limits.fileBytes);
  }
  if (limits.processes != 0) {
    add(RLIMIT_NPROC, limits.processes);
  }
}

// Clones with all signals blocked, so that no handler of ours runs in the child on our memory.
pid_t cloneChild(Plan& plan, int flags) {
  void* stack = mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) {
    return -1;
  }
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  const pid_t child = clone(&childMain, static_cast<char*>(stack) + kStackBytes,
                            kSharedMemory | CLONE_VFORK | SIGCHLD | flags, &plan);
  const int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  munmap(stack, kStackBytes);
  errno = error;
  return child;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) {
    out.push_back(text.data());
  }
  out.push_back(nullptr);
  return out;
}

}  // namespace

std::string markVariable(const std::string& mark) {
  return "PATCHBAY_PROCESS=" + mark;
}

Result<Process> startProcess(const ProcessSpec& spec, const std::string& mark) {
  Ends ends;
  if (!makeEnds(spec, ends)) {
    return systemError("pipes and sockets", errno);
  }
  std::vector<std::string> arguments = spec.command;
  std::vector<std::string> environment = spec.environment;
  environment.push_back(markVariable(mark));
  const std::string folder = spec.folder.string();

  Plan plan;
  std::vector<char*> argumentPointers = pointers(arguments);
  std::vector<char*> environmentPointers = pointers(environment);
  plan.arguments = argumentPointers.data();
  plan.environment = environmentPointers.data();
  plan.folder = folder.c_str();
  plan.input = ends.input.get();
  plan.output = ends.outputEnd.get();
  plan.errors = ends.errorsEnd.get();
  plan.channel = ends.channelEnd.get();
  plan.reportRead = ends.report.get();
  plan.report = ends.reportEnd.get();
  plan.changesUser = spec.user.has_value();
  plan.user = spec.user.value_or(0);
  plan.makesNamespaces = spec.makesNamespaces;
  addLimits(spec.limits, plan);

  const pid_t child = cloneChild(
      plan, (spec.pidNamespace ? CLONE_NEWPID : 0) | (spec.networkNamespace ? CLONE_NEWNET : 0));
  if (child < 0) {
    return systemError("a new process", errno);
  }
  ends.reportEnd = Descriptor();
  Failure failure{};
  if (read(ends.report.get(), &failure, sizeof(failure)) == sizeof(failure)) {
    waitpid(child, nullptr, 0);
    return systemError(std::string(stepText(failure.step)) + " (" + spec.command[0] + ")",
                       failure.error);
  }
  return Process{child, std::move(ends.channel), std::move(ends.output), std::move(ends.errors)};
}

}  // namespace patchbay::base
