/*
 * A Class 1 modem with real signals: the T.31 soft modem of Debian's libspandsp, a telephone pair, and libspandsp's fax machine with a
 * T.30 engine of its own at the other end of it.
 *
 *   spandsp-softmodem <lockstep|tty> <sends|receives> [name=value ...]     in a directory with page.tif, or where received.tif may come
 *
 *   ecm=1        of the machine                         modems=7     1 V.27ter, 2 V.29, 4 V.17
 *   refusals=0   training checks that the machine refuses              rings=2000   ms until the machine answers
 *   loss=0 echo=0   dB        noise=0   dBm0           delay=0   ms, each way
 *   strict=1     a page that runs dry behind anything but a zero loses its carrier (T.31 8.3.4, EIA-578); spandsp itself would fill
 *
 * Orders on standard input, one a line. In lockstep each is answered by what came of it and by "ok <result> <pages> <rate>": the machine's
 * T.30, -1 until it has ended, 0 for success.
 *
 *   step <hex or ->    10 ms pass, the octets of the box first
 *   call               the machine has lifted and dialed, and calls
 *   lift, key <code>, replace      what the modem tells of the machine in voice class
 *
 * What comes of them: "said <hex>", octets for the box; "told dials <digits>", "told answers", "told hangs-up", "told dry <dropped 0|1>",
 * "told overrun", "told tones <as in +VTS>". With tty, time is the kernel's, octets go through a pty whose path is told first ("told tty
 * <path>"), and "ended <result> <pages> <rate>" comes when the machine's T.30 has ended.
 *
 * Voice class (V.253 +FCLASS=8, +VLS, +VTS), which libspandsp has not, is put before it here. Left out: numeric results, several
 * voice commands on one line, CTS (XON and XOFF stand for it, as a pty has no lines).
 *
 * Build: gcc -o spandsp-softmodem spandsp-softmodem.c -lspandsp -ltiff -lm     (Debian: gcc libc6-dev libspandsp-dev libtiff-dev)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <tiffio.h>

#define SPANDSP_EXPOSE_INTERNAL_STRUCTURES
#include <spandsp.h>

#include "phone-pair.h"

#define STEP_MS 10
/* How often it is looked whether the modem has anything to send: 2.5 ms. */
#define PIECE 20
#define PIECES (STEP_MS * 8 / PIECE)
#define LONGEST 4096
#define DLE 0x10
#define XON 0x11
#define XOFF 0x13

static struct
{
    bool sends, tty, strict, watches, voice, full;
    int ecm, modems, refusals, rings, pty, result, pages, rate, reported;
    /* Samples until the machine answers, or the modem's answer is carried out; 0 for never. */
    int picks_up, answers;
    struct pair_rules rules;
    struct pair to_machine, to_modem;
    t31_state_t *modem;
    fax_state_t *machine;
    char line[512];
    int typed;
} all = {.strict = true, .ecm = 1, .modems = 7, .rings = 2000, .pty = -1, .result = -1, .reported = -1};

static void say(const uint8_t *octets, size_t count)
{
    if (all.tty) {
        if (write(all.pty, octets, count) != (ssize_t) count)
            printf("told overrun\n");
        return;
    }
    printf("said ");
    for (size_t i = 0; i < count; i++)
        printf("%02x", octets[i]);
    printf("\n");
}

static void say_line(const char *words)
{
    char line[64];

    say((const uint8_t *) line, snprintf(line, sizeof(line), "\r\n%s\r\n", words));
}

static int on_octets(at_state_t *at, void *user, const uint8_t *octets, size_t count)
{
    (void) at;
    (void) user;
    say(octets, count);
    return 0;
}

static int on_control(t31_state_t *modem, void *user, int what, const char *words)
{
    uint8_t flow;

    (void) modem;
    (void) user;
    switch (what) {
    case AT_MODEM_CONTROL_CALL:
        printf("told dials %s\n", words ? words : "");
        all.picks_up = all.rings * 8;
        break;
    case AT_MODEM_CONTROL_ANSWER:
        printf("told answers\n");
        all.answers = 1;
        break;
    case AT_MODEM_CONTROL_HANGUP:
    case AT_MODEM_CONTROL_ONHOOK:
        printf("told hangs-up\n");
        all.picks_up = 0;
        break;
    case AT_MODEM_CONTROL_CTS:
        flow = words != NULL ? XON : XOFF;
        if (all.full == (words == NULL))
            break;
        all.full = words == NULL;
        say(&flow, 1);
        break;
    }
    return 0;
}

/* The machine has ended its T.30, and hangs up. */
static void on_end(t30_state_t *t30, void *user, int result)
{
    t30_stats_t statistics;

    (void) user;
    t30_get_transfer_statistics(t30, &statistics);
    all.result = result;
    all.pages = statistics.pages_tx + statistics.pages_rx;
    all.rate = statistics.bit_rate;
}

/* A machine that refuses a training check says FTT where it would have said CFR. */
static void on_frame(t30_state_t *t30, void *user, int direction, const uint8_t *frame, int count)
{
    (void) t30;
    (void) user;
    if (direction || count < 3 || (frame[2] & 0xFE) != (T30_CFR & 0xFE) || all.refusals == 0)
        return;
    all.refusals--;
    ((uint8_t *) frame)[2] = (frame[2] & 1) | (T30_FTT & 0xFE);
}

static void begin_machine(void)
{
    t30_state_t *t30;

    if (all.machine)
        fax_free(all.machine);
    all.machine = fax_init(NULL, all.sends);
    if (all.machine == NULL)
        exit(1);
    all.result = all.reported = -1;
    fax_set_transmit_on_idle(all.machine, 1);
    t30 = fax_get_t30_state(all.machine);
    t30_set_tx_ident(t30, all.sends ? "+33 1 72 89 00 09" : "+33 1 72 89 00 10");
    t30_set_supported_modems(t30, all.modems);
    t30_set_supported_compressions(t30, T30_SUPPORT_T4_1D_COMPRESSION | T30_SUPPORT_T4_2D_COMPRESSION | T30_SUPPORT_T6_COMPRESSION);
    t30_set_ecm_capability(t30, all.ecm);
    t30_set_phase_e_handler(t30, on_end, NULL);
    t30_set_real_time_frame_handler(t30, on_frame, NULL);
    if (all.sends)
        t30_set_tx_file(t30, "page.tif", -1, -1);
    else
        t30_set_rx_file(t30, "received.tif", -1);
}

/* Before 2.5 ms of a page: whether there is anything to send. */
static void judge_page(void)
{
    static bool dropped;
    t31_state_t *modem = all.modem;
    bool lost;

    /* A carrier that is lost is on its way down for a while. */
    dropped = dropped && modem->at_state.at_rx_mode == AT_MODE_STUFFED;
    if (dropped || modem->at_state.at_rx_mode != AT_MODE_STUFFED || !modem->tx.data_started || modem->tx.final)
        return;
    if (modem->tx.out_bytes < modem->tx.in_bytes || modem->tx.out_bytes == 0)
        return;
    lost = modem->tx.data[modem->tx.out_bytes - 1] != 0;
    printf("told dry %d\n", lost);
    dropped = lost && all.strict;
    if (dropped)
        modem->tx.final = 1;
}

static void pass_piece(void)
{
    int16_t of_modem[PIECE] = {0}, of_machine[PIECE] = {0}, at_modem[PIECE], at_machine[PIECE];

    judge_page();
    t31_tx(all.modem, of_modem, PIECE);
    if (all.machine)
        fax_tx(all.machine, of_machine, PIECE);
    for (int i = 0; i < PIECE; i++) {
        at_machine[i] = pair_carry(&all.to_machine, of_modem[i], of_machine[i]);
        at_modem[i] = pair_carry(&all.to_modem, of_machine[i], of_modem[i]);
    }
    t31_rx(all.modem, at_modem, PIECE);
    if (all.machine)
        fax_rx(all.machine, at_machine, PIECE);
}

static void pass_step(void)
{
    if (all.answers && all.answers-- == 1)
        t31_call_event(all.modem, AT_CALL_EVENT_ANSWERED);
    if (all.picks_up && (all.picks_up -= STEP_MS * 8) <= 0) {
        all.picks_up = 0;
        begin_machine();
        t31_call_event(all.modem, AT_CALL_EVENT_CONNECTED);
    }
    for (int i = 0; i < PIECES; i++)
        pass_piece();
}

/* Answers whether a line was one of voice class. */
static bool obey_voice(const char *line)
{
    if (strncasecmp(line, "AT+FCLASS=", 10) == 0) {
        all.voice = line[10] == '8';
        all.watches = false;
        if (all.voice)
            say_line("OK");
        return all.voice;
    }
    if (strncasecmp(line, "AT+VLS=", 7) == 0) {
        all.watches = all.voice && line[7] == '2';
        say_line(all.voice ? "OK" : "ERROR");
        return true;
    }
    if (strncasecmp(line, "AT+VTS=", 7) != 0)
        return false;
    printf("told tones %s\n", line + 7);
    say_line(all.voice ? "OK" : "ERROR");
    return true;
}

/* Lines are looked at one by one, octets of a frame or a page go on as they are. */
static void hear(const uint8_t *octets, int count)
{
    for (int i = 0; i < count; i++) {
        int mode = all.modem->at_state.at_rx_mode;

        if (mode != AT_MODE_ONHOOK_COMMAND && mode != AT_MODE_OFFHOOK_COMMAND) {
            t31_at_rx(all.modem, (const char *) octets + i, 1);
            all.typed = 0;
            continue;
        }
        if (all.typed < (int) sizeof(all.line) - 2)
            all.line[all.typed++] = (char) octets[i];
        if (octets[i] != '\r')
            continue;
        all.line[all.typed - 1] = 0;
        if (!obey_voice(all.line)) {
            all.line[all.typed - 1] = '\r';
            t31_at_rx(all.modem, all.line, all.typed);
        }
        all.typed = 0;
    }
}

static void tell_handset(char code)
{
    const uint8_t octets[] = {DLE, (uint8_t) code};

    if (all.watches)
        say(octets, sizeof(octets));
}

static bool obey(const char *order)
{
    static uint8_t octets[LONGEST];
    unsigned int octet;
    int count = 0;

    if (strncmp(order, "step ", 5) == 0) {
        while (count < LONGEST && sscanf(order + 5 + 2 * count, "%2x", &octet) == 1)
            octets[count++] = (uint8_t) octet;
        hear(octets, count);
        pass_step();
    } else if (strcmp(order, "call") == 0)
        begin_machine();
    else if (strcmp(order, "lift") == 0 || strcmp(order, "replace") == 0)
        tell_handset(order[0] == 'l' ? 'H' : 'h');
    else if (strncmp(order, "key ", 4) == 0)
        tell_handset(order[4]);
    else
        return false;
    return true;
}

static void read_words(int count, char *words[])
{
    for (int i = 3; i < count; i++) {
        const char *value = strchr(words[i], '=');
        int size = value ? (int) (value++ - words[i]) : 0;
        struct { const char *name; int *to; } whole[] = {
            {"ecm", &all.ecm}, {"modems", &all.modems}, {"refusals", &all.refusals}, {"rings", &all.rings}, {"delay", &all.rules.delay},
        };
        struct { const char *name; float *to; } broken[] = {
            {"loss", &all.rules.loss}, {"noise", &all.rules.noise}, {"echo", &all.rules.echo},
        };
        bool known = size == 6 && strncmp(words[i], "strict", 6) == 0;

        if (known)
            all.strict = atoi(value) != 0;
        for (int k = 0; k < 5; k++)
            if (size == (int) strlen(whole[k].name) && strncmp(words[i], whole[k].name, size) == 0)
                known = true, *whole[k].to = atoi(value);
        for (int k = 0; k < 3; k++)
            if (size == (int) strlen(broken[k].name) && strncmp(words[i], broken[k].name, size) == 0)
                known = true, *broken[k].to = (float) atof(value);
        if (!known) {
            fprintf(stderr, "%s: not a setting of this modem\n", words[i]);
            exit(2);
        }
    }
}

static int in_lockstep(void)
{
    static char order[2 * LONGEST + 64];

    while (fgets(order, sizeof(order), stdin)) {
        order[strcspn(order, "\n")] = 0;
        if (!obey(order)) {
            fprintf(stderr, "not an order: %s\n", order);
            return 2;
        }
        printf("ok %d %d %d\n", all.result, all.pages, all.rate);
        fflush(stdout);
    }
    return 0;
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void open_tty(void)
{
    struct termios raw;
    int held;

    all.pty = posix_openpt(O_RDWR | O_NOCTTY);
    if (all.pty < 0 || grantpt(all.pty) != 0 || unlockpt(all.pty) != 0)
        exit(1);
    /* Held open, so that the box may close it and open it again. */
    held = open(ptsname(all.pty), O_RDWR | O_NOCTTY);
    if (held < 0 || tcgetattr(held, &raw) != 0)
        exit(1);
    cfmakeraw(&raw);
    tcsetattr(held, TCSANOW, &raw);
    fcntl(all.pty, F_SETFL, O_NONBLOCK);
    printf("told tty %s\n", ptsname(all.pty));
}

static int in_real_time(void)
{
    static char orders[256];
    static uint8_t octets[LONGEST];
    int64_t due = now_us() + STEP_MS * 1000;
    int kept = 0;

    open_tty();
    for (;;) {
        struct pollfd both[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = all.pty, .events = POLLIN}};
        int64_t left = due - now_us();
        ssize_t count;
        char *end;

        fflush(stdout);
        poll(both, 2, left > 0 ? (int) ((left + 999) / 1000) : 0);
        if ((both[1].revents & POLLIN) && (count = read(all.pty, octets, sizeof(octets))) > 0)
            hear(octets, (int) count);
        if (both[0].revents & (POLLIN | POLLHUP)) {
            count = read(STDIN_FILENO, orders + kept, sizeof(orders) - 1 - kept);
            if (count <= 0)
                return 0;
            kept += (int) count;
            orders[kept] = 0;
            while ((end = strchr(orders, '\n')) != NULL) {
                *end = 0;
                if (!obey(orders))
                    return 2;
                kept -= (int) (end + 1 - orders);
                memmove(orders, end + 1, kept + 1);
            }
        }
        for (; due <= now_us(); due += STEP_MS * 1000)
            pass_step();
        if (all.reported != all.result && all.result >= 0)
            printf("ended %d %d %d\n", all.result, all.pages, all.rate);
        all.reported = all.result;
    }
}

int main(int count, char *words[])
{
    if (count < 3 || (strcmp(words[1], "lockstep") != 0 && strcmp(words[1], "tty") != 0)) {
        fprintf(stderr, "usage: spandsp-softmodem <lockstep|tty> <sends|receives> [name=value ...]\n");
        return 2;
    }
    all.tty = strcmp(words[1], "tty") == 0;
    all.sends = strcmp(words[2], "sends") == 0;
    read_words(count, words);
    pair_init(&all.to_machine, &all.rules, 1);
    pair_init(&all.to_modem, &all.rules, 2);
    all.modem = t31_init(NULL, on_octets, NULL, on_control, NULL, NULL, NULL);
    if (all.modem == NULL)
        return 1;
    t31_set_transmit_on_idle(all.modem, 1);
    return all.tty ? in_real_time() : in_lockstep();
}
