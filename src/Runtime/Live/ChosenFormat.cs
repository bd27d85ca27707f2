using Lanyard.Index;

namespace Lanyard.Live;

/// <summary>In which of its formats a parameter is read from a live model.</summary>
internal static class ChosenFormat
{
    /// <summary>The format of a parameter that has any: the one of the name, or else the first.</summary>
    public static ParameterFormat Of(ModelParameter parameter, string? name) => parameter.Formats.Find(format => format.Name == name) ?? parameter.Formats[0];
}
