using System.Collections.Immutable;
using System.Globalization;

namespace Lanyard.Arithmetic;

/// <summary>
/// Which block of values an element of a companion covers: <c>1 32</c>, <c>*</c> for all positions of an axis, nothing for all values. Axes
/// of one element that are stored after those of the values are dots.
/// </summary>
internal sealed class Covers
{
    /// <summary>The size of a block that is all of its axis.</summary>
    public const long Whole = 0;

    // Far above what tensors have: whatever walks over items recurses, and a file may say anything.
    private const int MostItems = 64;

    private readonly ImmutableArray<long> _blocks;

    private readonly int _dots;

    private Covers(string text, ImmutableArray<long> blocks, int dots) => (Text, _blocks, _dots) = (text, blocks, dots);

    /// <summary>The text as it was written.</summary>
    public string Text { get; }

    /// <summary>How many axes of one element may be stored after those of the values.</summary>
    public int Dots => _dots;

    /// <summary>How many axes it speaks of.</summary>
    public int Axes => _blocks.Length;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="covers">What it says, or null.</param>
    /// <returns>False where an item is neither a number of positions nor a star, or follows a dot.</returns>
    public static bool TryParse(string text, out Covers? covers)
    {
        covers = null;
        var dots = 0;
        var blocks = ImmutableArray.CreateBuilder<long>();
        foreach (var item in text.Split([' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (dots + blocks.Count == MostItems) return false;
            if (item == ".") dots++;
            else if (dots > 0) return false;
            else if (item == "*") blocks.Add(Whole);
            else if (long.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0) blocks.Add(size);
            else return false;
        }
        covers = new Covers(text, blocks.ToImmutable(), dots);
        return true;
    }

    /// <summary>The size of a block along each axis of values; <see cref="Whole"/> for all of it.</summary>
    /// <param name="axes">The number of axes; at least <see cref="Axes"/>.</param>
    public ImmutableArray<long> Blocks(int axes)
    {
        var blocks = ImmutableArray.CreateBuilder<long>(axes);
        for (var d = 0; d < axes; d++) blocks.Add(Block(d, axes));
        return blocks.MoveToImmutable();
    }

    private long Block(int axis, int axes)
    {
        var item = axis - (axes - _blocks.Length);
        return item >= 0 ? _blocks[item] : _blocks.IsEmpty ? Whole : 1;
    }

    /// <summary>The number of blocks along each axis of values.</summary>
    /// <param name="shape">The shape of the values, of at least <see cref="Axes"/> axes.</param>
    public ImmutableArray<long> Grid(ImmutableArray<long> shape)
    {
        var grid = ImmutableArray.CreateBuilder<long>(shape.Length);
        for (var d = 0; d < shape.Length; d++)
        {
            var block = Block(d, shape.Length);
            grid.Add(block == Whole ? 1 : (shape[d] / block) + (shape[d] % block == 0 ? 0 : 1));
        }
        return grid.MoveToImmutable();
    }

    /// <summary>The axis along which another companion says for each position which of these blocks it is; null where there is not one such axis.</summary>
    /// <param name="numbers">What the companion covers that has the numbers.</param>
    /// <param name="axes">The number of axes; at least those of both.</param>
    public int? Through(Covers numbers, int axes)
    {
        var (by, blocks) = (numbers.Blocks(axes), Blocks(axes));
        var along = Enumerable.Range(0, axes).Where(axis => by[axis] == 1).ToList();

        // The others may have numbers of their own: each expert of a fused tensor has.
        if (along.Count > 1) along.RemoveAll(axis => blocks[axis] == 1);
        return along.Count == 1 ? along[0] : null;
    }

    /// <summary>Whether a shape is one in which the elements of a grid are stored: axes that are covered as a whole, and dots, may be left out.</summary>
    /// <param name="grid">The number of blocks along each axis; in words, where they are packed.</param>
    /// <param name="stored">The shape.</param>
    public bool Takes(ImmutableArray<long> grid, ImmutableArray<long> stored)
    {
        // How many axes of the stored shape are accounted for: all ways at once, for one by one they are too many.
        var reached = new bool[stored.Length + 1];
        reached[0] = true;
        for (var axis = 0; axis < grid.Length + _dots; axis++)
        {
            var (size, isOptional) = axis < grid.Length ? (grid[axis], Block(axis, grid.Length) == Whole) : (1, true);
            for (var at = stored.Length; at >= 0; at--) reached[at] = (reached[at] && isOptional) || (at > 0 && reached[at - 1] && stored[at - 1] == size);
        }
        return reached[stored.Length];
    }

    /// <summary>The fewest axes, and all of them, that elements of a grid may be stored with; for messages.</summary>
    public ImmutableArray<ImmutableArray<long>> Shapes(ImmutableArray<long> grid)
    {
        var blocks = Blocks(grid.Length);
        ImmutableArray<long> few = [.. grid.Where((_, axis) => blocks[axis] != Whole)];
        return few.Length == grid.Length ? [grid] : [few, grid];
    }
}
