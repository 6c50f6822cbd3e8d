/*
 * The T.38 core of Debian's libspandsp as an oracle for our IFP codec. Orders on standard input, one answer a line.
 *
 *   indicator <version> <code>                       the packet that spandsp sends, in hex, or "-" when it sends none
 *   packet <version> <data> <type>:<hex> ...         the same for a data packet with a list of fields; hex may be empty
 *   read <version> <hex>                             what spandsp understood of a packet: "indicator <code>",
 *                                                    "<data>/<type>:<hex>" for each field, or "-" for a refusal
 *
 * Build: gcc -o spandsp-ifp spandsp-ifp.c -lspandsp     (Debian: gcc libc6-dev libspandsp-dev libtiff-dev)
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tiffio.h>

#include <spandsp.h>

#define LONGEST 8192
#define MOST_FIELDS 200

static int packets;

static void print_hex(const uint8_t *octets, int count)
{
    for (int i = 0; i < count; i++)
        printf("%02x", octets[i]);
}

/* spandsp's default is to hand a packet over once, with the wish to have it repeated; the repeating is not asked for here. */
static int on_packet(t38_core_state_t *core, void *user, const uint8_t *octets, int count, int copies)
{
    (void) core;
    (void) user;
    (void) copies;
    if (packets++ > 0)
        printf(" ");
    print_hex(octets, count);
    return 0;
}

static int on_indicator(t38_core_state_t *core, void *user, int indicator)
{
    (void) core;
    (void) user;
    printf("indicator %d ", indicator);
    return 0;
}

static int on_field(t38_core_state_t *core, void *user, int data, int field, const uint8_t *octets, int count)
{
    (void) core;
    (void) user;
    printf("%d/%d:", data, field);
    print_hex(octets, count);
    printf(" ");
    return 0;
}

static int on_missing(t38_core_state_t *core, void *user, int heard, int expected)
{
    (void) core;
    (void) user;
    (void) heard;
    (void) expected;
    return 0;
}

static int from_hex(const char *text, uint8_t *octets)
{
    int count = 0;
    unsigned int octet;

    while (count < LONGEST && sscanf(text + 2 * count, "%2x", &octet) == 1)
        octets[count++] = (uint8_t) octet;
    return count;
}

static t38_core_state_t *fresh_core(int version)
{
    t38_core_state_t *core = t38_core_init(NULL, on_indicator, on_field, on_missing, NULL, on_packet, NULL);

    if (core == NULL) {
        fprintf(stderr, "libspandsp gave no T.38 core\n");
        exit(1);
    }
    t38_set_t38_version(core, version);
    return core;
}

static void send_packet(t38_core_state_t *core, int data, char *words)
{
    static uint8_t octets[MOST_FIELDS][LONGEST];
    t38_data_field_t fields[MOST_FIELDS];
    int count = 0;

    for (char *word = strtok(words, " \n"); word && count < MOST_FIELDS; word = strtok(NULL, " \n"), count++) {
        char *colon = strchr(word, ':');

        fields[count].field_type = atoi(word);
        fields[count].field = octets[count];
        fields[count].field_len = colon ? from_hex(colon + 1, octets[count]) : 0;
    }
    t38_core_send_data_multi_field(core, data, fields, count, T38_PACKET_CATEGORY_CONTROL_DATA);
}

static void obey(char *line)
{
    static uint8_t octets[LONGEST];
    static char hex[2 * LONGEST + 1];
    int version;
    int code;
    int words_at = 0;

    if (sscanf(line, "indicator %d %d", &version, &code) == 2) {
        t38_core_state_t *core = fresh_core(version);

        t38_core_send_indicator(core, code);
        t38_core_free(core);
    } else if (sscanf(line, "packet %d %d %n", &version, &code, &words_at) >= 2) {
        t38_core_state_t *core = fresh_core(version);

        send_packet(core, code, line + words_at);
        t38_core_free(core);
    } else if (sscanf(line, "read %d %16384s", &version, hex) == 2) {
        t38_core_state_t *core = fresh_core(version);

        packets = t38_core_rx_ifp_packet(core, octets, from_hex(hex, octets), 0) == 0;
        t38_core_free(core);
    } else {
        fprintf(stderr, "not an order: %s", line);
        exit(2);
    }
}

int main(void)
{
    static char line[2 * LONGEST * 4];

    while (fgets(line, sizeof(line), stdin)) {
        packets = 0;
        obey(line);
        printf(packets > 0 ? "\n" : "-\n");
    }
    return 0;
}
