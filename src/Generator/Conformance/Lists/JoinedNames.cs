using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Joins names that differ in the numbers of one place alone: <c>layers.0.mlp</c> and <c>layers.{1..60}.mlp</c> are <c>layers.{0..60}.mlp</c>.</summary>
internal static class JoinedNames
{
    /// <summary>The same names in fewer templates, in the order of their first.</summary>
    public static IEnumerable<NameTemplate> Of(IEnumerable<NameTemplate> names)
    {
        foreach (var alike in names.Select(static name => NameKey.Of(name.Texts, [.. name.Holes])).GroupBy(static key => key.Text))
        {
            // Digits that are no number are joined with nothing.
            var boxes = alike.Where(static key => key.Slots.All(static slot => slot.Numbers is not null)).Select(static key => key.Slots.Select(static slot => slot.Numbers!).ToArray()).ToList();
            while (Join(boxes)) { }
            ImmutableArray<string> texts = [.. alike.Key.Split('0')];
            foreach (var box in boxes) yield return new(texts, [.. box]);
            foreach (var key in alike.Where(static key => key.Slots.Any(static slot => slot.Numbers is null))) yield return key.After(NameKey.Of(""), [.. key.Slots.Where(static slot => slot.Hole >= 0).Select(static slot => slot.Numbers!)]);
        }
    }

    private static bool Join(List<NumberSet[]> boxes)
    {
        for (var first = 0; first < boxes.Count; first++)
        {
            for (var second = first + 1; second < boxes.Count; second++)
            {
                int[] differing = [.. Enumerable.Range(0, boxes[first].Length).Where(slot => !boxes[first][slot].Equals(boxes[second][slot])).Take(2)];
                if (differing.Length == 2) continue;
                foreach (var slot in differing) boxes[first][slot] = boxes[first][slot].Union(boxes[second][slot]);
                boxes.RemoveAt(second);
                return true;
            }
        }
        return false;
    }
}
