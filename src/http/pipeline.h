// What every request passes before its handler: who calls, may he, and the edge where exceptions end.
//
// Threads: safe from any thread. check and tryAdmit never block; admit and run may.
#pragma once

#include "access/acl.h"
#include "access/gate.h"
#include "base/disk_reserve.h"
#include "http/route.h"

namespace patchbay::http {

class Pipeline {
 public:
  Pipeline(access::Gate& gate, const access::Acl& acl, base::DiskReserve& disk) : gate_(gate), acl_(acl), disk_(disk) {}

  // Before the body is read: is there a token with a good signature where one is needed, and room on the disk.
  base::Status check(const Route& route, const Request& request);

  enum class Admitted { kYes, kNo, kMustAsk };
  // Fills the caller from what is cached; kMustAsk: call admit on a thread that may block.
  Admitted tryAdmit(const Route& route, Request& request, base::Error& refusal);
  base::Status admit(const Route& route, Request& request);

  // The blocking handler, its exceptions as kInternal.
  static base::Result<Response> run(const Route& route, Request& request);
  static void runAsync(const Route& route, Request request, Respond respond);

 private:
  base::Status allow(const Route& route, const Request& request) const;

  access::Gate& gate_;
  const access::Acl& acl_;
  base::DiskReserve& disk_;
};

}  // namespace patchbay::http
