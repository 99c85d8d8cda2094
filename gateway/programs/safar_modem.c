/* SPDX-License-Identifier: GPL-3.0-or-later */
/* safar-modem: drives one modem for safard, which starts it and talks to it over descriptor 3.
 * It is no tool for people: without that socket it says so and ends. With --reset-usb NODE it does that
 * and nothing else: the call may hang. */
#include <sodium.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "link/modem/child.h"
#include "link/modem/confine.h"
#include "link/modem/device.h"

#include "base/banned.h"

#define PARENT_FD 3

int main(int argc, char **argv)
{
	int type = 0;
	socklen_t size = sizeof type;
	log_start("safar-modem");
	if (argc == 3 && strcmp(argv[1], "--reset-usb") == 0)
		return device_reset_usb(argv[2]) ? 0 : 1;
	if (getsockopt(PARENT_FD, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) {
		log_error("safar-modem is started by safard, which talks to it over descriptor 3");
		return 2;
	}
	if (!confine_process() || sodium_init() < 0) {
		log_error("the system refused to confine the modem's driver");
		return 1;
	}
	child_run(PARENT_FD);
}
