using System.Collections.Immutable;

namespace Lanyard.Arithmetic;

/// <summary>What a value is: <c>(code - zero) * scale</c>.</summary>
internal sealed class ValueExpression
{
    private ValueExpression(string text, ValueTerm root)
    {
        (Text, Root) = (text, root);
        Names = [.. root.All.OfType<NameTerm>().Select(static term => term.Name).Distinct()];
        Tables = [.. root.All.OfType<TableTerm>().Select(static term => term.Name).Distinct()];
    }

    /// <summary>The text as it was written.</summary>
    public string Text { get; }

    /// <summary>The whole expression.</summary>
    public ValueTerm Root { get; }

    /// <summary>The names that it uses for a number, each once, in the order of the text; the code's among them.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The names that it uses for a table, each once, in the order of the text.</summary>
    public ImmutableArray<string> Tables { get; }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="expression">What it says, or null.</param>
    /// <param name="error">What is wrong with it, or null.</param>
    /// <returns>False where there is an error.</returns>
    public static bool TryParse(string text, out ValueExpression? expression, out ArithmeticError? error)
    {
        var reader = new ValueReader(text);
        var root = reader.Read();
        error = reader.Error;
        expression = root is null ? null : new ValueExpression(text, root);
        return error is null;
    }
}
