/*
 * A T.38 terminal of Debian's libspandsp, with its own T.30 engine, as the far end of our bridge, in steps of simulated time.
 *
 *   spandsp-terminal <send|receive> <ecm 0|1> <modems> <refusals>     in a directory with page.tif, or where it may write received.tif
 *
 * Modems: 1 V.27ter, 2 V.29, 4 V.17. Refusals: training checks to which it says FTT.
 *
 * Orders on standard input, one a line; each is answered by what it said meanwhile, "say <copies> <hex>" for a packet, and by
 * "ok <result> <pages>", the first -1 until spandsp's T.30 has ended, 0 for success.
 *
 *   step                     20 ms pass
 *   hear <sequence> <hex>    a packet arrives
 *
 * Build: gcc -o spandsp-terminal spandsp-terminal.c -lspandsp -ltiff     (Debian: gcc libc6-dev libspandsp-dev libtiff-dev)
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include <spandsp.h>

#define STEP_SAMPLES 160
#define LONGEST 4096

static int result = -1;
static int pages;
static int refusals;

static int on_packet(t38_core_state_t *core, void *user, const uint8_t *octets, int count, int copies)
{
    (void) core;
    (void) user;
    printf("say %d ", copies);
    for (int i = 0; i < count; i++)
        printf("%02x", octets[i]);
    printf("\n");
    return 0;
}

static void on_end(t30_state_t *t30, void *user, int ended)
{
    t30_stats_t statistics;

    (void) user;
    t30_get_transfer_statistics(t30, &statistics);
    result = ended;
    pages = statistics.pages_tx + statistics.pages_rx;
}

/* A receiver that refuses a training check says FTT where it would have said CFR. */
static void on_frame(t30_state_t *t30, void *user, int direction, const uint8_t *frame, int count)
{
    (void) t30;
    (void) user;
    if (direction || count < 3 || (frame[2] & 0xFE) != (T30_CFR & 0xFE) || refusals == 0)
        return;
    refusals--;
    ((uint8_t *) frame)[2] = (frame[2] & 1) | (T30_FTT & 0xFE);
}

static t38_terminal_state_t *create(bool sends, bool ecm, int modems)
{
    t38_terminal_state_t *terminal = t38_terminal_init(NULL, sends, on_packet, NULL);
    t30_state_t *t30;

    if (terminal == NULL)
        exit(1);
    t38_set_t38_version(t38_terminal_get_t38_core_state(terminal), 0);
    t30 = t38_terminal_get_t30_state(terminal);
    t30_set_tx_ident(t30, sends ? "+33 1 23 45 67 89" : "+33 4 00 00 00 01");
    t30_set_supported_modems(t30, modems);
    t30_set_supported_compressions(t30, T30_SUPPORT_T4_1D_COMPRESSION | T30_SUPPORT_T4_2D_COMPRESSION | T30_SUPPORT_T6_COMPRESSION);
    t30_set_ecm_capability(t30, ecm);
    t30_set_phase_e_handler(t30, on_end, NULL);
    t30_set_real_time_frame_handler(t30, on_frame, NULL);
    if (sends)
        t30_set_tx_file(t30, "page.tif", -1, -1);
    else
        t30_set_rx_file(t30, "received.tif", -1);
    return terminal;
}

static int from_hex(const char *text, uint8_t *octets)
{
    int count = 0;
    unsigned int octet;

    while (count < LONGEST && sscanf(text + 2 * count, "%2x", &octet) == 1)
        octets[count++] = (uint8_t) octet;
    return count;
}

int main(int count, char *words[])
{
    static char line[2 * LONGEST + 64];
    static uint8_t octets[LONGEST];
    t38_terminal_state_t *terminal;
    unsigned int sequence;
    int hex_at;

    if (count != 5) {
        fprintf(stderr, "usage: spandsp-terminal <send|receive> <ecm 0|1> <modems> <refusals>\n");
        return 2;
    }
    refusals = atoi(words[4]);
    terminal = create(strcmp(words[1], "send") == 0, atoi(words[2]) != 0, atoi(words[3]));
    while (fgets(line, sizeof(line), stdin)) {
        hex_at = 0;
        if (strcmp(line, "step\n") == 0) {
            t38_terminal_send_timeout(terminal, STEP_SAMPLES);
        } else if (sscanf(line, "hear %u %n", &sequence, &hex_at) == 1 && hex_at > 0) {
            int size = from_hex(line + hex_at, octets);

            t38_core_rx_ifp_packet(t38_terminal_get_t38_core_state(terminal), octets, size, (uint16_t) sequence);
        } else {
            fprintf(stderr, "not an order: %s", line);
            return 2;
        }
        printf("ok %d %d\n", result, pages);
        fflush(stdout);
    }
    return 0;
}
