using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Reads the rows of a folded list.</summary>
internal sealed class FoldedRows(JsonText json, ListFaults faults)
{
    private readonly ShapeReader _reader = new(json, faults);

    /// <summary>The rows that can be read; what is wrong with others is added to the faults.</summary>
    /// <param name="tensors">The array of them.</param>
    public ImmutableArray<ListedTensor> Read(int tensors)
    {
        var rows = ImmutableArray.CreateBuilder<ListedTensor>();
        foreach (var item in json.Items(tensors))
        {
            if (json.Find(item, "name", JsonKind.String) is < 0)
            {
                Fault("A row is an object with a \"name\".", item);
            }
            else if (Row(item) is { } row)
            {
                rows.Add(row);
            }
        }
        // Names alone are a list too, but then of all rows: otherwise somebody forgot something.
        if (rows.Any(row => !row.Shape.IsDefault))
        {
            foreach (var row in rows.Where(row => row.Shape.IsDefault))
                faults.Add($"'{row.Name}' has neither a \"dtype\" nor a \"shape\", and other rows have them.", row.Start, row.Length);
        }
        return rows.ToImmutable();
    }

    private ListedTensor? Row(int item)
    {
        var (name, type, shape) = (json.Find(item, "name"), json.Find(item, "dtype"), json.Find(item, "shape"));
        var (start, length) = (json[name].Start, json[name].Length);
        var names = FoldedName.Read(json.String(name), (message, at, count) =>
        {
            // Escapes make places in the text others than those in the name.
            if (json[name].HasEscapes) faults.Add(message, start, length);
            else faults.Add(message, start + at, count);
        });
        if (type < 0 != shape < 0) Fault($"'{json.String(name)}' has no \"{(type < 0 ? "dtype" : "shape")}\".", name);
        var typeName = type < 0 ? null : _reader.Type(type);
        var sizes = shape < 0 ? default : _reader.Shape(shape, false);
        // Without a fault both are there or neither is.
        if (names is null || typeName is null != sizes.IsDefault || (typeName is null && (type >= 0 || shape >= 0))) return null;
        return ListedTensor.Read(json, names, name, type, typeName, shape, sizes);
    }

    private void Fault(string message, int node) => faults.Add(message, json[node].Start, json[node].Length);
}
