using System.Collections.Immutable;
using System.Text;

namespace Lanyard.Names;

/// <summary>The words that a part of a name is made of: <c>self_attn</c> and <c>SelfAttn</c> are <c>self</c> and <c>attn</c>.</summary>
internal static class NameWords
{
    // What says nothing of which of several weights it is.
    private static readonly HashSet<string> Fillers = new(["proj", "projection", "projections", "layer", "linear", "lin", "dense", "self", "lm", "block", "module", "rms", "tok", "token", "tokens", "word", "words"], StringComparer.Ordinal);

    /// <summary>Whether a name means the same with the word and without.</summary>
    public static bool IsFiller(string word) => Fillers.Contains(word);

    /// <summary>The words, in lower case.</summary>
    public static ImmutableArray<string> Of(string part)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        for (var i = 0; i < part.Length; i++)
        {
            if (!char.IsLetterOrDigit(part[i]))
            {
                Close();
                continue;
            }

            // The hump of a camel: after what is small, or before the first small letter after capitals, as in QKVProj.
            if (i > 0 && char.IsUpper(part[i]) && (!char.IsUpper(part[i - 1]) || (i + 1 < part.Length && char.IsLower(part[i + 1])))) Close();
            word.Append(char.ToLowerInvariant(part[i]));
        }
        Close();
        return words.ToImmutable();

        void Close()
        {
            if (word.Length == 0) return;
            var text = word.ToString();
            word.Clear();
            if (text == "ln") words.AddRange("layer", "norm");
            else if (text is "layernorm" or "rmsnorm") words.AddRange(text[..^"norm".Length], "norm");
            else words.Add(text);
        }
    }
}
