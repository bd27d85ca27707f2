using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;

namespace Lanyard.Generator.Emit;

/// <summary>Writes the encodings that the sources of a class name, each once.</summary>
internal static class EncodingEmitter
{
    // Members of a static class beside those of its entries, and its own name.
    private static readonly string[] Taken = ["Map", "Module", "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];

    /// <summary>The encodings, in the order in which sources name them, each with its field: the name of its class, with a number where that is taken.</summary>
    public static List<(EncodingModel Encoding, string Field)> Fields(ModuleModel module)
    {
        var taken = new HashSet<string>(Taken.Concat(module.Parameters.Select(static parameter => parameter.Property)), StringComparer.Ordinal);
        var fields = new List<(EncodingModel, string)>();
        foreach (var encoding in module.Parameters.SelectMany(static parameter => parameter.Sources).Select(static source => source.Encoding).OfType<EncodingModel>().Distinct())
        {
            var name = encoding.ShortName;
            for (var i = 2; !taken.Add(name); i++) name = $"{encoding.ShortName}_{i}";
            fields.Add((encoding, Identifiers.Escape(name)));
        }
        return fields;
    }

    public static void Emit(CodeWriter writer, EncodingModel encoding, string field)
    {
        var head = $"private static readonly global::Lanyard.ValueEncoding {field} = new({Literals.Text(encoding.Name)}, {Literals.Text(encoding.Codes)}, {Layout(encoding.Layout)}, {Literals.Text(encoding.Value)})";
        if (encoding is { IsFlat: false, Companions.Count: 0, Unread.Count: 0, Configured.Count: 0 }) writer.Lines(head + ";");
        else writer.Block(head, () => Initializers(writer, encoding), "};");
        writer.Lines("");
    }

    private static void Initializers(CodeWriter writer, EncodingModel encoding)
    {
        if (encoding.IsFlat) writer.Lines("Flat = true,");
        if (encoding.Companions.Count > 0) writer.List("Companions =", [.. encoding.Companions.Select(Companion)], ",");
        if (encoding.Configured.Count > 0) writer.Lines($"Configured = [{string.Join(", ", Enumerable.Range(0, encoding.Configured.Count / 2).Select(i => $"new({Literals.Text(encoding.Configured[2 * i])}, {Literals.Text(encoding.Configured[(2 * i) + 1])})"))}],");
        if (encoding.Unread.Count > 0) writer.Lines($"Unread = {Literals.Texts(encoding.Unread)},");
    }

    private static string Companion(CompanionModel companion)
    {
        var initializers = new List<string>();
        if (companion.Covers.Count > 0) initializers.Add($"Covers = {Literals.Texts(companion.Covers)}");
        if (companion.Through is { } through) initializers.Add($"Through = {Literals.Text(through)}");
        if (companion.Field is { } json) initializers.Add($"Field = {Literals.Text(json)}");
        if (companion.Absent is { } absent) initializers.Add($"Absent = {Literals.Number(absent)}");
        return $"new({Literals.Text(companion.Name)}, {Literals.Text(companion.Tensor)}, {Layout(companion.Layout)}){Braces(initializers)}";
    }

    private static string Layout(CodeLayoutModel layout)
    {
        var initializers = new List<string>();
        if (layout.Bits != 0) initializers.Add($"Bits = {Literals.Number(layout.Bits)}");
        if (layout.Word != 0) initializers.Add($"Word = {Literals.Number(layout.Word)}");
        if (layout.Axis != -1) initializers.Add($"Axis = {Literals.Number(layout.Axis)}");
        if (layout.Order.Count > 0) initializers.Add($"Order = {Literals.Numbers(layout.Order)}");
        if (layout.Block != 0) initializers.Add($"Block = {Literals.Number(layout.Block)}");
        return $"new({layout.Type}){Braces(initializers)}";
    }

    private static string Braces(List<string> initializers) => initializers.Count == 0 ? "" : $" {{ {string.Join(", ", initializers)} }}";
}
