using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.Generator.Analyzers.Locations;

/// <summary>Finds characters of a string's value in the code that spells it: plain, verbatim or raw, also in pieces with <c>+</c>.</summary>
public static class LiteralText
{
    /// <summary>
    /// The code that spells a stretch of the value; at the end of the value the closing quote, for there is where something is missing.
    /// Null where the value is not spelled here.
    /// </summary>
    public static TextSpan? Find(ExpressionSyntax expression, int position, int length)
    {
        var characters = new List<TextSpan>();
        if (!Spell(expression, characters) || position > characters.Count - 1) return null;
        var last = Math.Min(position + Math.Max(length, 1), characters.Count) - 1;
        return TextSpan.FromBounds(characters[position].Start, characters[last].End);
    }

    // Each character of the value, and then the closing quote.
    private static bool Spell(ExpressionSyntax expression, List<TextSpan> characters)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax inner:
                return Spell(inner.Expression, characters);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum:
                if (!Spell(sum.Left, characters)) return false;
                characters.RemoveAt(characters.Count - 1);
                return Spell(sum.Right, characters);
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal:
                return Spell(literal.Token, characters);
            default:
                return false;
        }
    }

    private static bool Spell(SyntaxToken token, List<TextSpan> characters)
    {
        var first = characters.Count;
        var text = token.Text;
        if (token.IsKind(SyntaxKind.StringLiteralToken))
        {
            if (text.StartsWith("@", StringComparison.Ordinal)) Verbatim(text, token.SpanStart, characters);
            else Plain(text, token.SpanStart, characters);
        }
        else if (token.IsKind(SyntaxKind.SingleLineRawStringLiteralToken))
        {
            var quotes = Quotes(text);
            for (var i = quotes; i <= text.Length - quotes; i++) characters.Add(new TextSpan(token.SpanStart + i, 1));
        }
        else if (token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken))
        {
            Lines(text, token.SpanStart, characters);
        }
        return characters.Count - first == token.ValueText.Length + 1;
    }

    private static void Plain(string text, int start, List<TextSpan> characters)
    {
        for (int i = 1, end; i < text.Length; i = end)
        {
            end = i + 1;
            var escape = text[i] == '\\' ? text[end++] : default;
            var most = end + escape switch { 'x' or 'u' => 4, 'U' => 8, _ => 0 };
            var digits = end;
            while (end < Math.Min(most, text.Length) && Uri.IsHexDigit(text[end])) end++;
            characters.Add(TextSpan.FromBounds(start + i, start + end));
            // Beyond the first plane one escape is two characters of the value.
            if (escape == 'U' && Convert.ToInt32(text.Substring(digits, end - digits), 16) > 0xFFFF) characters.Add(characters[characters.Count - 1]);
        }
    }

    private static void Verbatim(string text, int start, List<TextSpan> characters)
    {
        for (int i = 2, end; i < text.Length; i = end)
        {
            end = text[i] == '"' && i + 1 < text.Length - 1 ? i + 2 : i + 1;
            characters.Add(TextSpan.FromBounds(start + i, start + end));
        }
    }

    private static void Lines(string text, int start, List<TextSpan> characters)
    {
        var lines = SourceText.From(text).Lines;
        var last = lines[lines.Count - 1];
        var indentation = last.Span.Length - Quotes(text);
        for (var i = 1; i < lines.Count - 1; i++)
        {
            var line = lines[i];
            // The break before the closing line does not belong to the value.
            var end = i == lines.Count - 2 ? line.End : line.EndIncludingLineBreak;
            for (var at = Math.Min(line.Start + indentation, line.End); at < end; at++) characters.Add(new TextSpan(start + at, 1));
        }
        characters.Add(new TextSpan(start + last.Start + indentation, 1));
    }

    private static int Quotes(string text)
    {
        var quotes = 0;
        while (quotes < text.Length && text[quotes] == '"') quotes++;
        return quotes;
    }
}
