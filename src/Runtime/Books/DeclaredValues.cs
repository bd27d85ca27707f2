using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Memory;

namespace Lanyard.Books;

/// <summary>Values that classes declare and that a parameter's type would round: as little is rounded without a word as of values that are stored.</summary>
internal static class DeclaredValues
{
    /// <summary>What would be rounded of the parts of a parameter that nothing stored fills.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="format">The format that it came in.</param>
    /// <param name="narrow">Whether the load allows to round.</param>
    /// <param name="name">The name of a tensor.</param>
    public static IEnumerable<LoadProblem> OfConstants(ModelParameter parameter, ParameterFormat format, bool narrow, Func<ModelTensor, string> name) =>
        format.Uses.Exists(use => use.Narrow) ? [] : format.Constants.Select(constant => constant.Value).Distinct().Select(value => Problem(parameter, value, "a constant of", narrow, name)).OfType<LoadProblem>();

    /// <summary>What would be rounded of a parameter of which no tensor is there.</summary>
    /// <inheritdoc cref="OfConstants" path="/param"/>
    public static IEnumerable<LoadProblem> OfAbsent(ModelParameter parameter, bool narrow, Func<ModelTensor, string> name) =>
        !parameter.Formats.Exists(format => format.Uses.Exists(use => use.Narrow)) && Problem(parameter, parameter.Bound.Entry.Absent!.Value, "Absent =", narrow, name) is { } problem ? [problem] : [];

    private static LoadProblem? Problem(ModelParameter parameter, double value, string what, bool narrow, Func<ModelTensor, string> name)
    {
        var type = parameter.Bound.ModelType;
        return narrow || ConstantValue.Rounded(value, type) is not { } rounded ? null : new LoadProblem(
            LoadProblemKind.WrongType,
            name(parameter.Formats[0].Uses[0].Tensor),
            parameter.Name,
            FormattableString.Invariant($"a type that has {value}: {ElementTypes.Name(type)} makes {rounded} of it, and takes it only where a source has Cast or the load AllowNarrowing"),
            FormattableString.Invariant($"{what} {value}"));
    }
}
