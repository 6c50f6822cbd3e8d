/*
 * A fax between two T.38 terminals of Debian's libspandsp, in simulated time over a perfect path, as a trace for our readers.
 *
 *   spandsp-trace <version> <ecm 0|1> <rows>      in a directory where it may write page.tif and received.tif
 *
 * One line for each IFP packet: "caller <ms> <hex>" or "called <ms> <hex>"; at the end "result <caller> <called> <pages>",
 * the first two spandsp's T.30 results, 0 for success.
 *
 * Build: gcc -o spandsp-trace spandsp-trace.c -lspandsp -ltiff     (Debian: gcc libc6-dev libspandsp-dev libtiff-dev)
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include <spandsp.h>

#define TICK_SAMPLES 160
#define TICK_MS 20
#define LONGEST_MS (10 * 60 * 1000)
#define WIDTH 1728

struct station {
    const char *name;
    struct station *peer;
    t38_terminal_state_t *terminal;
    uint16_t sequence;
    int result;
    int pages;
};

static int now;

/* Spandsp wishes key packets to be repeated; the path is perfect, so each is handed over once. */
static int on_packet(t38_core_state_t *core, void *user, const uint8_t *octets, int count, int copies)
{
    struct station *from = user;

    (void) core;
    (void) copies;
    printf("%s %d ", from->name, now);
    for (int i = 0; i < count; i++)
        printf("%02x", octets[i]);
    printf("\n");
    return t38_core_rx_ifp_packet(t38_terminal_get_t38_core_state(from->peer->terminal), octets, count, from->sequence++);
}

static void on_end(t30_state_t *t30, void *user, int result)
{
    struct station *station = user;
    t30_stats_t statistics;

    t30_get_transfer_statistics(t30, &statistics);
    station->result = result;
    station->pages = statistics.pages_tx + statistics.pages_rx;
}

/* A page of dots that no coding makes short. */
static void draw_page(int rows)
{
    TIFF *page = TIFFOpen("page.tif", "w");
    uint8_t row[WIDTH / 8];
    uint32_t chance = 1;

    if (page == NULL)
        exit(1);
    TIFFSetField(page, TIFFTAG_IMAGEWIDTH, WIDTH);
    TIFFSetField(page, TIFFTAG_IMAGELENGTH, rows);
    TIFFSetField(page, TIFFTAG_BITSPERSAMPLE, 1);
    TIFFSetField(page, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(page, TIFFTAG_COMPRESSION, COMPRESSION_CCITT_T6);
    TIFFSetField(page, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
    TIFFSetField(page, TIFFTAG_FILLORDER, FILLORDER_LSB2MSB);
    TIFFSetField(page, TIFFTAG_ROWSPERSTRIP, rows);
    TIFFSetField(page, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    TIFFSetField(page, TIFFTAG_XRESOLUTION, 204.0);
    TIFFSetField(page, TIFFTAG_YRESOLUTION, 98.0);
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < WIDTH / 8; x++) {
            chance = chance * 1664525u + 1013904223u;
            row[x] = (uint8_t) ((chance >> 24) & (chance >> 16) & 0x3c);
        }
        TIFFWriteScanline(page, row, y, 0);
    }
    TIFFClose(page);
}

static void prepare(struct station *station, bool calls, int version, bool ecm)
{
    t30_state_t *t30;

    station->terminal = t38_terminal_init(NULL, calls, on_packet, station);
    if (station->terminal == NULL)
        exit(1);
    station->result = -1;
    t38_set_t38_version(t38_terminal_get_t38_core_state(station->terminal), version);
    t30 = t38_terminal_get_t30_state(station->terminal);
    t30_set_tx_ident(t30, calls ? "+33 1 23 45 67 89" : "+33 4 00 00 00 01");
    t30_set_supported_modems(t30, T30_SUPPORT_V27TER | T30_SUPPORT_V29 | T30_SUPPORT_V17);
    t30_set_supported_compressions(t30, T30_SUPPORT_T4_1D_COMPRESSION | T30_SUPPORT_T4_2D_COMPRESSION | T30_SUPPORT_T6_COMPRESSION);
    t30_set_ecm_capability(t30, ecm);
    t30_set_phase_e_handler(t30, on_end, station);
    if (calls)
        t30_set_tx_file(t30, "page.tif", -1, -1);
    else
        t30_set_rx_file(t30, "received.tif", -1);
}

int main(int count, char *words[])
{
    struct station caller = {.name = "caller"};
    struct station called = {.name = "called"};

    if (count != 4) {
        fprintf(stderr, "usage: spandsp-trace <version> <ecm 0|1> <rows>\n");
        return 2;
    }
    caller.peer = &called;
    called.peer = &caller;
    draw_page(atoi(words[3]));
    prepare(&caller, true, atoi(words[1]), atoi(words[2]) != 0);
    prepare(&called, false, atoi(words[1]), atoi(words[2]) != 0);
    for (now = 0; now < LONGEST_MS && (caller.result < 0 || called.result < 0); now += TICK_MS) {
        t38_terminal_send_timeout(caller.terminal, TICK_SAMPLES);
        t38_terminal_send_timeout(called.terminal, TICK_SAMPLES);
    }
    printf("result %d %d %d\n", caller.result, called.result, caller.pages);
    return 0;
}
