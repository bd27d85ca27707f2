using Lanyard.Index;
using Lanyard.Parts;
using static TorchSharp.torch;

namespace Lanyard.Lora;

/// <summary>The place of one checkpoint tensor in a parameter that a rank multiplies with: its rows and columns, some of them or all, in any order.</summary>
internal sealed class AdaptedPart : IDisposable
{
    private readonly LoraProduct _product;
    private readonly (Tensor? Place, Tensor? Index) _rows;
    private readonly (Tensor? Place, Tensor? Index) _columns;

    private AdaptedPart(LoraProduct product, Tensor?[] places) => (_product, _rows, _columns) = (product, (places[0], places[1]), (places[2], places[3]));

    /// <summary>Reads the place from the map; null where the elements are no rows and columns of the parameter.</summary>
    /// <param name="use">The use of the tensor, of which the rank holds something.</param>
    /// <param name="product">The factors.</param>
    /// <param name="device">Where the parameter is.</param>
    public static AdaptedPart? Of(TensorUse use, LoraProduct product, Device device)
    {
        var shape = use.Parameter.Bound.ModelShape;
        if (shape.Length != 2) return null;
        var (rows, columns) = (new SortedDictionary<long, long>(), new SortedDictionary<long, long>());
        foreach (var slot in use.Slots)
        {
            var dimensions = SlotDimension.Of(slot, use.Shape);
            var (row, column) = (slot.ParameterOffset / shape[1], slot.ParameterOffset % shape[1]);
            var (ownRows, ownColumns) = (Places(dimensions[0], shape[1], row), Places(dimensions[1], 1, column));
            if (ownRows is null || ownColumns is null || ownColumns.Any(place => place.Key >= shape[1])) return null;
            if (!Enter(rows, ownRows) || !Enter(columns, ownColumns)) return null;
        }

        // Each row with each column, or it is no product.
        if (use.Elements != (long)rows.Count * columns.Count) return null;
        return new AdaptedPart(product, [.. Indices(rows, shape[0], use.Shape[0], device), .. Indices(columns, shape[1], use.Shape[1], device)]);
    }

    /// <summary>Adds what the factors make of an input to the products with a parameter.</summary>
    /// <param name="input">[... in], of the rank.</param>
    /// <param name="sum">[... out], of the rank, which is written to; null where nothing is in it yet.</param>
    /// <param name="outputs">The rank's number of outputs.</param>
    /// <param name="scale">What the product of the factors is multiplied with.</param>
    public Tensor Add(Tensor input, Tensor? sum, long outputs, double scale)
    {
        var (a, b) = ((Tensor)_product.A, (Tensor)_product.B);
        if (_columns.Index is { } columns) a = a.index_select(1, columns);
        if (_rows.Index is { } rows) b = b.index_select(0, rows);
        var read = input.to(a.dtype);
        if (_columns.Place is { } from) read = read.index_select(-1, from);
        var part = nn.functional.linear(nn.functional.linear(read, a), b).Times(scale).to(input.dtype);
        if (_rows.Place is not { } to) return sum is null ? part : sum.Plus(part);
        return (sum ?? zeros([.. input.shape[..^1], outputs], input.dtype, input.device)).index_add(input.dim() - 1, to, part, Numbers.One);
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor?[])[_rows.Place, _rows.Index, _columns.Place, _columns.Index]) tensor?.Dispose();
    }

    /// <summary>The places in a dimension of the parameter, each with the index in the tensor's.</summary>
    private static SortedDictionary<long, long>? Places(SlotDimension dimension, long unit, long first)
    {
        var places = new SortedDictionary<long, long>();
        foreach (var (run, distance) in dimension.Runs(unit))
        {
            if (distance % unit != 0) return null;
            for (var i = 0L; i < run.Count; i++)
            {
                if (!places.TryAdd(first + (distance / unit) + i, run.Start + i)) return null;
            }
        }
        return places;
    }

    private static bool Enter(SortedDictionary<long, long> all, SortedDictionary<long, long> own)
    {
        foreach (var (place, index) in own)
        {
            if (!all.TryAdd(place, index) && all[place] != index) return false;
        }
        return true;
    }

    /// <summary>The places and the indices, each null where it is all of them in order.</summary>
    private static Tensor?[] Indices(SortedDictionary<long, long> pairs, long places, long indices, Device device)
    {
        return [Tensor(pairs.Keys, places), Tensor(pairs.Values, indices)];

        Tensor? Tensor(ICollection<long> values, long all) => values.Count == all && values.Index().All(pair => pair.Item == pair.Index) ? null : tensor([.. values], device: device).DetachFromDisposeScope();
    }
}
