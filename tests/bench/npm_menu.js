// SPDX-License-Identifier: GPL-3.0-or-later
// What npm's menu libraries do, served by express as their own pages show it: a menu of the size of Safar's
// first ones, for the steps that ussd_load.c takes. One menu object serves all: that is fastest, and
// safe here, where no state waits for anything.
//
//   node npm_menu.js LIBRARY PORT
const [library, port] = process.argv.slice(2);
const express = require("express");
const Menu = require(library);
const menu = new Menu();
const page = (name) => name + "\n1 Short\n2 Telephone\n3 Night\n4 Documents\n5 Work\n6 Family\n99 Next";

menu.startState({ run: () => menu.con(page("Languages")), next: { 2: "menu" } });
menu.state("menu", { run: () => menu.con(page("Menu")), next: { 5: "work" } });
menu.state("work", { run: () => menu.con(page("Work")), next: { 1: "offer" } });
menu.state("offer", { run: () => menu.con(page("Offer")), next: {} });

const app = express();
app.use(express.urlencoded({ extended: false }));
app.post("/ussd/at", (request, response) => {
	menu.run(request.body, (result) => response.send(result));
});
app.listen(Number(port), "127.0.0.1");
