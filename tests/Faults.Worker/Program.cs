using System.Globalization;
using Lanyard.Faults;

// FOLDER: loads, refits, exports and merges there until it is killed. It says "ready", and waits for a line: the phase to begin with, or
// "once" to go through all of them, say how many milliseconds each took, and end.
// FOLDER REFITS: refits from a file that is being overwritten, and says how many were committed and refused.
using var folder = new WorkerFolder(args[0]);
if (args.Length > 1)
{
    var (committed, refused) = OverwrittenFile.Run(folder, int.Parse(args[1], CultureInfo.InvariantCulture));
    Console.WriteLine($"{committed} {refused}");
    return;
}
using var worker = new Worker(folder);
Console.WriteLine("ready");
var command = Console.ReadLine();
if (command is null) return;

worker.Start();
if (command == "once")
{
    foreach (var phase in Worker.Phases)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{phase} {worker.Run(phase).TotalMilliseconds}"));
    }
    return;
}

// Whoever started it may have gone.
new Thread(EndWithInput) { IsBackground = true }.Start();

for (var at = Array.IndexOf([.. Worker.Phases], Enum.Parse<WorkerPhase>(command)); ; at++) worker.Run(Worker.Phases[at % Worker.Phases.Count]);

static void EndWithInput()
{
    while (Console.ReadLine() is not null) { }
    Environment.Exit(2);
}
