using System.Collections.Immutable;
using System.Text;
using Lanyard.Index;
using Lanyard.Layouts;
using TorchSharp;

namespace Lanyard.Describing;

/// <summary>A parameter of one module, or of several that are alike, as text.</summary>
/// <param name="parameter">The parameter of the first.</param>
/// <param name="told">The element type that the tree has.</param>
/// <param name="axes">The axes; null where they cannot be told.</param>
/// <param name="prefixes">What stands before the names of each of the modules.</param>
internal sealed class ParameterText(BoundParameter parameter, torch.ScalarType told, ImmutableArray<Axis>? axes, ImmutableArray<ModulePrefix> prefixes)
{
    private readonly ParameterEntry _entry = parameter.Entry;

    private bool IsAbsent => !parameter.IsPresent && !parameter.IsElsewhere;

    // Where a constructor is still at work, only a declared type is known.
    private torch.ScalarType? Type => parameter.HasValue ? parameter.ModelType : _entry.Type ?? (axes is null ? null : told);

    /// <summary>A line, and where it is told in detail one more for each source and each method.</summary>
    public IEnumerable<string> Lines(bool isDetailed)
    {
        if (!isDetailed)
        {
            if (!IsAbsent) yield return $"{_entry.Name}: {Short()}";
            yield break;
        }
        yield return $"{_entry.Name}: {Head()}";
        if (IsAbsent) yield break;
        foreach (var (position, source) in _entry.Sources.Index())
            yield return $"  {(source.Format == _entry.Sources[0].Format || position == 0 ? "" : "or ")}from {new SourceText(parameter.Storage, source, axes, prefixes)}";
        foreach (var constant in _entry.Constants)
            yield return $"  {constant.Part} is {constant.Value}{(constant.Format is { } format ? $", in format \"{format}\"" : "")}";
        if (_entry.Absent is { } value) yield return $"  {value} where none of its tensors is there{(parameter.IsAbsent ? ", as in what was loaded last" : "")}";
        foreach (var line in PostLoads()) yield return "  " + line;
    }

    private string Short()
    {
        if (parameter.IsElsewhere) return parameter.Elsewhere;
        if (Live() is { } live) return live;
        return Shape(parameter.Storage, isWhole: false) is { } shape ? FormText.Of(Type, shape.AsSpan()) : $"\"{parameter.Storage}\"";
    }

    private string Head()
    {
        var text = new StringBuilder();
        var (whole, here) = (Shape(_entry.Pattern, isWhole: true), Shape(parameter.Storage, isWhole: false));
        if (whole is { } shape) text.Append(FormText.Of(Type, shape.AsSpan())).Append(' ');
        text.Append('"').Append(_entry.Pattern).Append('"');
        if (IsAbsent) return text.Append(", not in this instance").ToString();
        if (parameter.IsElsewhere) return text.Append(", ").Append(parameter.Elsewhere).ToString();
        var isKernel = parameter.Storage != _entry.Pattern;
        if (isKernel) text.Append(", kept as \"").Append(parameter.Storage).Append('"');
        if (here is { } held && (isKernel || whole is not { } all || !all.AsSpan().SequenceEqual(held.AsSpan()))) text.Append(", here ").Append(FormText.Of(null, held.AsSpan()));
        if (Live() is { } live && here is { } form && live != FormText.Of(Type, form.AsSpan())) text.Append(", now ").Append(live);
        return text.ToString();
    }

    /// <summary>What the property holds now; null where it holds nothing.</summary>
    private string? Live() => parameter is { HasValue: true, Form: { } form } ? FormText.Of(form.Type, form.Sizes) : null;

    private ImmutableArray<long>? Shape(string pattern, bool isWhole)
    {
        if (axes is not { } known || !Pattern.TryParse(pattern, out var parsed, out _)) return null;
        try
        {
            return isWhole ? Layout.FullShapeOf(parsed, known) : Layout.ShapeOf(parsed, known);
        }
        catch (Exception e) when (e is LayoutException or ArgumentException or OverflowException)
        {
            // What is wrong with it is said by whoever makes it or loads it.
            return null;
        }
    }

    private IEnumerable<string> PostLoads()
    {
        var methods = parameter.Owner.Map.PostLoads;
        var made = methods.Where(method => method.Writes.Contains(_entry.Index)).ToList();
        foreach (var method in made)
            yield return $"{(method.Transforms(_entry) ? $"then {method.Method} replaces it" : $"made by {method.Method}")}{(method.Undo is { } undo ? $", undone by {undo}" : "")}";
        if (made.Count == 0 && _entry.Sources.IsEmpty) yield return "from no tensor and no post-load method: what a constructor has given it";
        foreach (var method in methods.Where(method => method.Reads.Contains(_entry.Index) && !method.Writes.Contains(_entry.Index))) yield return $"read by {method.Method}";
    }
}
