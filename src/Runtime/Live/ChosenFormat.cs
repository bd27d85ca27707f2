using Lanyard.Index;

namespace Lanyard.Live;

/// <summary>In which of its formats a parameter is read from a live model.</summary>
internal static class ChosenFormat
{
    /// <param name="index">The model.</param>
    /// <param name="name">The format; null for the first of each parameter.</param>
    /// <exception cref="ArgumentException">No parameter has the format; those that there are are named.</exception>
    public static void Check(ModelIndex index, string? name)
    {
        var formats = index.Parameters.Concat(index.Elsewhere).SelectMany(parameter => parameter.Formats).Select(format => format.Name).Distinct().ToList();
        if (name is not null && !formats.Contains(name))
            throw new ArgumentException($"No parameter has the format \"{name}\". There are {string.Join(", ", formats.Select(format => $"\"{format}\""))}.");
    }

    /// <summary>The format of a parameter that has any: the one of the name, or else the first.</summary>
    public static ParameterFormat Of(ModelParameter parameter, string? name) => parameter.Formats.Find(format => format.Name == name) ?? parameter.Formats[0];
}
