/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Variables of every type that C has, in a program that needs no library and ends in a trap. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEEP __attribute__((noinline, noclone))

enum colour { RED = 1, GREEN = 2, BLUE = 4 };
enum level { LOW = -1, MIDDLE, HIGH };

struct point {
    int x;
    int y;
};

typedef struct point place;

struct flags {
    unsigned first : 3;
    signed second : 5;
    unsigned long long wide : 33;
    bool on : 1;
    enum colour colour : 3;
    unsigned char plain;
    unsigned last : 7;
};

union number {
    uint32_t word;
    float real;
    uint8_t bytes[4];
};

struct node {
    struct node *next;
    const char *name;
    struct node *self;
};

struct nested {
    struct {
        short inner;
    };
    union {
        int32_t whole;
        struct {
            int16_t low, high;
        } halves;
    } either;
    place places[2];
    int (*operation)(int, const char *);
};

struct flexible {
    int count;
    int rest[];
};

struct hidden; /* declared, never defined */

signed char signed_byte = -5;
unsigned char unsigned_byte = 200;
char letter = 'x', newline = '\n', quote = '\'';
short negative = -12345;
unsigned short positive = 54321;
int whole = -2000000000;
unsigned natural = 4000000000u;
long long large = -9000000000000000000;
unsigned long long larger = 18000000000000000000u;
__int128 largest = ((__int128) 1 << 100) + 7;
float single = 3.25f;
float tenth = 0.1f;
double real = -2.5e-7;
float infinite = __builtin_inff();
_Complex float complex_number = 1.5f + 2.5fi;
bool yes = true, no = false;
enum colour colour = GREEN;
enum colour mixed = (enum colour) (RED | BLUE);
enum level level = LOW;
enum level unnamed_level = (enum level) 17;
place somewhere = {3, -4};
struct flags flags = {5, -7, 0x123456789, true, BLUE, 'p', 99};
union number number = {0x40490fdb};
struct node second_node = {0, "second", &second_node};
struct node first_node = {&second_node, "first", &first_node};
struct nested nested = {{7}, {0x00020001}, {{1, 2}, {3, 4}}, 0};
struct flexible flexible = {2, {10, 20}};
const volatile int *const volatile qualified = &whole;
int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};
char text[20] = "text\twith \"marks\"";
unsigned char raw[4] = {1, 2, 3, 255};
const char *pointer_to_text = "pointed to";
const char *nowhere = (const char *) 0x10;
void *untyped = &grid;
int **twice = (int **) &untyped;
struct hidden *hidden = (struct hidden *) &whole;
uint16_t same[40] = {[0 ... 39] = 7};
int mostly_same[30] = {1, 2, [5 ... 24] = 9, [29] = 3};
static const int constant = 42;
const int *of_constant = &constant;
int (*function)(int, const char *);
size_t sizes[1] = {sizeof(struct nested)};
int empty[0];
typedef float four __attribute__((vector_size(16)));
four vector = {1, 2, 3, 4};
struct __attribute__((packed)) {
    char tag;
    int unaligned;
} packed = {'t', 0x01020304};

KEEP static int crash(int argument, const char *name)
{
    volatile int kept = argument * 2;
    if (name[0] != 0) {
        int in_block = kept + 1;
        struct point local = {in_block, argument};
        volatile struct point *there = &local;
        there->x++;
        __builtin_trap();
    }
    return kept;
}

KEEP static int with_variable_array(int rows, int columns)
{
    int matrix[rows][columns];
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
            matrix[i][j] = 10 * i + j;
        }
    }
    function = crash;
    nested.operation = crash;
    return crash(matrix[1][1], "crash") + matrix[rows - 1][columns - 1];
}

/* In two registers at once, after optimisation in pieces. */
KEEP static int by_value(struct point point, union number value, double factor)
{
    int before = point.x;
    int result = with_variable_array(2, 3);
    return result + before + point.y + (int) value.word + (int) factor;
}

static inline int through_pointer(const struct point *pointer, int more)
{
    return by_value(*pointer, (union number) {(uint32_t) more}, 1.5) + pointer->x;
}

/* The address of what is in registers: an implicit pointer. */
KEEP static int inlined(int x, int y)
{
    struct point synthetic = {x, y};
    const struct point *pointer = &synthetic;
    return through_pointer(pointer, 3) + x;
}

KEEP static int last_argument_unused(int x, int unused)
{
    static int calls = 3;
    calls++;
    return inlined(x + 1, x + 2) + calls;
}

/* Its argument is not kept beyond the call, but the caller knows it: an entry value. */
KEEP static int entry(int x, int y)
{
    return last_argument_unused(x, y) * 3;
}

void _start(void)
{
    __asm__ volatile("andq $-16, %rsp");
    volatile int result = entry(10, 20);
    (void) result;
    for (;;) {
    }
}
