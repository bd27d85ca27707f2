using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>
/// The tensors of a published checkpoint: their names, and where the list has them their types and shapes. It stays folded, so that half a
/// million tensors are some dozens of rows.
/// </summary>
public sealed class TensorList
{
    private static readonly string[] Endings = [".tensors.json", ".safetensors.index.json", ".json"];

    private readonly ListIndex _index;

    private TensorList(string name, ImmutableArray<ListedTensor> rows, bool isGguf, ListIndex index, ImmutableArray<ListFault> faults)
    {
        (Name, Rows, IsGguf, _index, Faults) = (name, rows, isGguf, index, faults);
        Count = rows.Aggregate(0L, (sum, row) => Product.Plus(sum, row.Count));
    }

    /// <summary>What messages call it: the name of its file without its ending.</summary>
    public string Name { get; }

    /// <summary>The rows, in the order in which their first names stand in the text.</summary>
    public ImmutableArray<ListedTensor> Rows { get; }

    /// <summary>How many tensors there are.</summary>
    public long Count { get; }

    /// <summary>Whether all rows have types and shapes. An index has names alone.</summary>
    public bool HasShapes => Rows.All(row => !row.Shape.IsDefault);

    /// <summary>Whether names, types and shapes are those of a GGUF file. The shapes are outermost first all the same.</summary>
    public bool IsGguf { get; }

    /// <summary>Everything that is wrong with the text, in its order. The rows are then what could be read.</summary>
    public ImmutableArray<ListFault> Faults { get; }

    /// <summary>Whether all rows could be read. Totals may be wrong all the same.</summary>
    public bool IsWhole => Faults.All(static fault => fault.IsAside);

    /// <summary>
    /// Reads a list, in any of its forms: folded; <c>model.safetensors.index.json</c>; the JSON header of a safetensors file, or of several, in
    /// an array or by file name; what <c>gguf-dump --json</c> prints. Those that are not folded are folded here.
    /// </summary>
    /// <param name="text">The text; whatever is wrong with it becomes a fault.</param>
    /// <param name="fileName">The name or the path of its file.</param>
    public static TensorList Read(string text, string fileName)
    {
        var faults = new ListFaults();
        var rows = ImmutableArray<ListedTensor>.Empty;
        var isGguf = false;
        if (JsonParser.Parse(text, faults) is { } json)
        {
            var reader = new TensorListReader(json, faults);
            rows = reader.Read();
            isGguf = reader.IsGguf;
        }
        var index = new ListIndex(rows);
        foreach (var (earlier, later) in index.Overlaps())
        {
            var message = faults.IsFull ? "" : $"'{rows[later].Name}' has names that '{rows[earlier].Name}' has, in line {Line(text, rows[earlier].Start)}.";
            faults.Add(message, rows[later].Start, rows[later].Length);
        }
        return new(NameOf(fileName), rows, isGguf, index, faults.ToImmutable());
    }

    /// <summary>The row that has a name, with the numbers that the name has; null where none has it.</summary>
    public FoundTensor? Find(string name) => _index.Find(name);

    /// <summary>The rows that have names of a query, in the order of the list.</summary>
    public ImmutableArray<FoundTensor> Find(NameQuery query) => _index.Find(query);

    /// <summary>The rows that have names that begin with a prefix, in the order of the list. A number that ends the prefix is whole: 3 does not begin 31.</summary>
    /// <param name="prefix">A text without holes, such as <c>model.layers.3.</c>; empty for all rows.</param>
    public ImmutableArray<FoundTensor> Below(string prefix) => _index.Below(NameKey.Of(prefix));

    /// <summary>
    /// The numbers that follow a prefix, up to a dot or the end: those of a list of modules. They are in groups: the numbers of one group have
    /// the same rows below them. The groups are in the order of their first numbers.
    /// </summary>
    /// <param name="prefix">A text without holes, such as <c>model.layers.</c>.</param>
    public ImmutableArray<NumberSet> NumbersBelow(string prefix) => _index.NumbersBelow(NameKey.Of(prefix));

    private static string NameOf(string fileName)
    {
        var name = fileName.Substring(fileName.LastIndexOfAny(['/', '\\']) + 1);
        var ending = Endings.FirstOrDefault(ending => name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return ending is null ? name : name.Substring(0, name.Length - ending.Length);
    }

    private static int Line(string text, int at)
    {
        var line = 1;
        for (var i = 0; i < at; i++)
            if (text[i] == '\n') line++;
        return line;
    }
}
