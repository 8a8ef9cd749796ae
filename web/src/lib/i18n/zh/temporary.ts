/** The conversation that is never stored. */
export const temporary = {
  "temporary.about": "临时对话：不会保存任何内容。重新加载或关闭此页面后即消失。",
  "temporary.begin": "临时对话",
  "temporary.leave": "离开临时对话",
  "temporary.noFiles": "临时对话不能添加文件，因为文件会被保存。",
  "temporary.title": "临时对话",
} as const;
