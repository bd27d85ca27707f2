namespace Lanyard.Index;

/// <summary>The formats that the sources of a model's parameters have.</summary>
internal static class FormatNames
{
    /// <param name="index">The model.</param>
    /// <param name="name">The format that somebody asks for; null for none.</param>
    /// <exception cref="ArgumentException">No parameter has the format; those that there are are named.</exception>
    public static void Check(ModelIndex index, string? name)
    {
        if (name is null) return;
        var formats = index.Parameters.Concat(index.Elsewhere).SelectMany(parameter => parameter.Formats).Select(format => format.Name).ToHashSet(StringComparer.Ordinal);
        if (formats.Contains(name)) return;
        var known = formats.Where(format => format.Length > 0).Order(StringComparer.Ordinal).Select(format => $"\"{format}\"").ToList();
        throw new ArgumentException($"No parameter has the format \"{name}\". {(known.Count == 0 ? "There are no formats: no source states one" : $"There are {string.Join(", ", known)}{(formats.Contains("") ? ", and \"\" for sources without one" : "")}")}.");
    }
}
