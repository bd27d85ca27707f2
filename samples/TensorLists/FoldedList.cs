using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lanyard.Checkpoints;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.TensorLists;

/// <summary>The folded list of a checkpoint's tensors. Its text has a row in each line.</summary>
internal sealed class FoldedList
{
    // A name is text between quotes, and nothing here is put in a page: only what JSON must escape is escaped.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private FoldedList(string name, bool isGguf, IReadOnlyList<string> rows, int count, long bytes) =>
        (Name, IsGguf, Rows, Count, Bytes) = (name, isGguf, rows, count, bytes);

    /// <summary>What the checkpoint is called: its folder, or its file without the ending.</summary>
    public string Name { get; }

    /// <summary>Whether it is a GGUF file, or several.</summary>
    public bool IsGguf { get; }

    /// <summary>The rows, each an object of JSON.</summary>
    public IReadOnlyList<string> Rows { get; }

    /// <summary>How many tensors there are.</summary>
    public int Count { get; }

    /// <summary>How many bytes of data they have.</summary>
    public long Bytes { get; }

    /// <summary>The list of a checkpoint. Nothing but its headers is read.</summary>
    /// <exception cref="InvalidDataException">A name has a brace, which in a folded list begins or ends a range.</exception>
    public static FoldedList Of(Checkpoint checkpoint)
    {
        CheckpointTensor[] tensors = [.. checkpoint.Tensors.Values];
        var folding = new ListFolding();
        var kinds = new Dictionary<(CheckpointType, string), int>();
        foreach (var tensor in tensors)
        {
            if (tensor.Name.AsSpan().IndexOfAny('{', '}') >= 0)
                throw new InvalidDataException($"'{tensor.Name}' has a brace, which in a folded list begins or ends a range. Give the compiler the header of the file instead.");
            var kind = (tensor.DType, Shape(tensor));
            kinds.TryAdd(kind, kinds.Count);
            folding.Add(tensor.Name, 0, tensor.Name.Length, kinds[kind]);
        }
        // No checkpoint has a name twice.
        var rows = folding.Fold(_ => { }).Select(row => Row(row.Names, tensors[row.First]));
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(checkpoint.Path));
        if (File.Exists(checkpoint.Path)) name = Path.GetFileNameWithoutExtension(name);
        var isGguf = checkpoint.Files.All(file => file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase));
        return new(name, isGguf, [.. rows], tensors.Length, tensors.Sum(tensor => tensor.Length));
    }

    /// <summary>The file's text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"model\": {Quoted(Name)},\n");
        if (IsGguf) text.Append("  \"format\": \"gguf\",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"count\": {Count},\n  \"bytes\": {Bytes},\n  \"tensors\": [\n    ");
        return text.AppendJoin(",\n    ", Rows).Append("\n  ]\n}\n").ToString();
    }

    private static string Row(NameTemplate names, CheckpointTensor first) =>
        $$"""{"name": {{Quoted($"{names}")}}, "dtype": {{Quoted(first.DType.Text())}}, "shape": [{{Shape(first)}}]}""";

    private static string Shape(CheckpointTensor tensor) => string.Join(", ", tensor.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, Encoder)}\"";
}
