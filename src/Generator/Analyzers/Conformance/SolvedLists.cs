using System.Runtime.CompilerServices;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Generator.Conformance.Solving;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>Lists that were read and sizes that were solved, for as long as somebody has their texts: an edit of a method makes another compilation, but neither another list nor another map.</summary>
public static class SolvedLists
{
    // A text has few roots; more are those of classes as they were before edits.
    private const int MostResults = 16;

    private static readonly ConditionalWeakTable<SourceText, Entry> Entries = new();
    private static int _read;
    private static int _solved;

    /// <summary>How many lists were read.</summary>
    public static int Read => Volatile.Read(ref _read);

    /// <summary>How many times sizes were solved.</summary>
    public static int Solved => Volatile.Read(ref _solved);

    /// <summary>The list of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file.</param>
    internal static TensorList List(SourceText text, string path) => Entries.GetValue(text, _ => new Entry()).List(text, path);

    /// <summary>What becomes of a list and classes that say the same.</summary>
    /// <param name="text">The text of the list.</param>
    /// <param name="key">All that the classes say.</param>
    /// <param name="solve">Compares them.</param>
    internal static ConformanceResult Result(SourceText text, string key, Func<ConformanceResult> solve) => Entries.GetValue(text, _ => new Entry()).Result(key, solve);

    private sealed class Entry
    {
        private readonly Dictionary<string, ConformanceResult> _results = new(StringComparer.Ordinal);
        private TensorList? _list;

        public TensorList List(SourceText text, string path)
        {
            lock (_results)
            {
                if (_list is not null) return _list;
                Interlocked.Increment(ref _read);
                return _list = TensorList.Read(text.ToString(), path);
            }
        }

        public ConformanceResult Result(string key, Func<ConformanceResult> solve)
        {
            lock (_results)
            {
                if (_results.TryGetValue(key, out var known)) return known;
                Interlocked.Increment(ref _solved);
                if (_results.Count == MostResults) _results.Clear();
                return _results[key] = solve();
            }
        }
    }
}
