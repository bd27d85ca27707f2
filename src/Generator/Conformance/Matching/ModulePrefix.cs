using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>What stands before the names of a module's tensors, with one number for each list that it lies in: those of a group are alike.</summary>
/// <param name="Text">The text, with its dot.</param>
/// <param name="Groups">The numbers for which such a one stands, each with the place among all numbers of the text.</param>
public sealed record ModulePrefix(string Text, ImmutableArray<(int Slot, NumberSet Numbers)> Groups)
{
    /// <summary>That of a root.</summary>
    public static ModulePrefix Root { get; } = new("", []);

    /// <summary>The outermost list that it lies in, and the numbers there; there has to be one.</summary>
    public (string List, NumberSet Numbers) Outermost
    {
        get
        {
            var (key, at) = (NameKey.Of(Text).Text, -1);
            for (var slot = 0; slot <= Groups[0].Slot; slot++) at = key.IndexOf('0', at + 1);
            return (key.Substring(0, at), Groups[0].Numbers);
        }
    }

    /// <summary>The same with a text at the end.</summary>
    public ModulePrefix Then(string text) => text.Length == 0 ? this : this with { Text = Text + text };

    /// <summary>That of a child.</summary>
    /// <param name="name">Its name; empty where it has no level of its own.</param>
    public ModulePrefix Child(string name) => name.Length == 0 ? this : Then(name + ".");

    /// <summary>That of items of a list.</summary>
    /// <param name="numbers">Their numbers.</param>
    public ModulePrefix Item(NumberSet numbers) => new(Text + numbers.First.ToString(CultureInfo.InvariantCulture) + ".", Groups.Add((NameKey.Of(Text).Slots.Length, numbers)));

    /// <summary>The prefixes of all that such a one stands for.</summary>
    public NameTemplate All
    {
        get
        {
            var (key, texts, text, slot) = (NameKey.Of(Text), ImmutableArray.CreateBuilder<string>(), new StringBuilder(), 0);
            foreach (var character in key.Text)
            {
                if (character != '0')
                {
                    text.Append(character);
                }
                else if (Groups.Any(group => group.Slot == slot))
                {
                    texts.Add(text.ToString());
                    text.Clear();
                    slot++;
                }
                else
                {
                    text.Append(key.Slots[slot++].Digits);
                }
            }
            texts.Add(text.ToString());
            return new NameTemplate(texts.ToImmutable(), [.. Groups.Select(static group => group.Numbers)]);
        }
    }
}
